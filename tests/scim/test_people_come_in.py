"""POST and PUT of users: a new account, one that was there, a member who was there; what is said of them."""

import pytest

from muniment.accounts.models import User
from muniment.accounts.selectors import account_by_email
from muniment.core.clock import now
from muniment.scim.models import Provisioned
from muniment.teams.models import Membership
from muniment.teams.services import set_provisioning
from muniment.teams.types import Role
from tests.accounts.mail_received import MailServer, letters
from tests.cast import Person, person
from tests.scim.provider import Provider, account, membership


def test_somebody_new_has_an_account_without_a_password_and_the_role_of_the_policy(provider: Provider) -> None:
    answer = provider.made("Ada@Example.com", name={"givenName": "Ada", "familyName": "Byron"}, externalId="00u1")
    assert answer.body["userName"] == "ada@example.com"
    assert answer.body["displayName"] == "Ada Byron"
    assert answer.body["emails"] == [{"value": "ada@example.com", "type": "work", "primary": True}]
    assert answer.body["active"] is True
    assert answer.body["externalId"] == "00u1"
    assert answer.headers["Location"].endswith(f"/scim/v2/Users/{answer.id}")
    made = account("ada@example.com")
    assert not made.has_usable_password()
    assert made.email_verified_at is not None
    assert membership(provider.team, "ada@example.com").held == Role.MEMBER
    assert answer.id not in {str(made.pk), made.ref}


def test_the_role_of_new_people_is_the_policys(provider: Provider, alice: Person) -> None:
    set_provisioning(actor=alice.actor, role=Role.CHAT_ONLY, joins_on_sign_in=False, scim=True, heir=None)
    provider.made("ada@example.com")
    assert membership(provider.team, "ada@example.com").held == Role.CHAT_ONLY


def test_a_member_who_was_there_is_taken_charge_of_as_is(provider: Provider, bob: Person) -> None:
    password = bob.user.password
    answer = provider.made("bob@example.org")
    assert membership(provider.team, "bob@example.org").held == Role.BUILDER
    assert account("bob@example.org").password == password
    assert account("bob@example.org").name == "Bob"
    assert provider.get(f"/Users/{answer.id}").body["displayName"] == "Bob"
    assert provider.create("BOB@example.org").status == 409


def test_an_account_that_was_there_joins(provider: Provider, mallory: Person) -> None:
    """Of a domain of this team; the name and the address stay, as Mallory is in a team of her own too."""
    User.objects.filter(pk=mallory.user.pk).update(email_verified_at=now())
    answer = provider.made("mallory@example.org", displayName="Somebody Else")
    assert answer.body["displayName"] == "Mallory"
    assert membership(provider.team, "mallory@example.org").held == Role.MEMBER
    assert Membership.objects.filter(user=mallory.user).count() == 2


def test_who_is_there_comes_in_though_the_name_that_is_sent_is_too_long(provider: Provider, mallory: Person) -> None:
    """Mallory keeps the name: another team has that account too. Who is new is told."""
    User.objects.filter(pk=mallory.user.pk).update(email_verified_at=now())
    assert provider.made("mallory@example.org", displayName="x" * 201).body["displayName"] == "Mallory"
    assert provider.create("new@example.org", displayName="x" * 201).status == 400
    assert not User.objects.filter(email="new@example.org").exists()


def test_who_left_comes_back_with_the_account_that_is_there(provider: Provider) -> None:
    first = provider.made("ada@example.com")
    assert provider.ask("DELETE", f"/Users/{first.id}").status == 204
    assert provider.get(f"/Users/{first.id}").status == 404
    again = provider.made("ada@example.com")
    assert again.id != first.id
    assert User.objects.filter(email="ada@example.com").count() == 1


@pytest.mark.parametrize(
    "address", ["ada@elsewhere.example", "ada@sub.example.com", "ada", "", "ada@example.com@elsewhere.example"]
)
def test_other_addresses_are_refused_in_words(provider: Provider, address: str) -> None:
    answer = provider.create(address)
    assert answer.status == 400
    assert answer.body["scimType"] == "invalidValue"
    assert answer.body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert Provisioned.objects.count() == 0


def test_one_who_comes_in_suspended_is_suspended(provider: Provider) -> None:
    answer = provider.made("ada@example.com", active=False)
    assert answer.body["active"] is False
    assert membership(provider.team, "ada@example.com").suspended_at is not None


def test_a_put_without_active_suspends_nobody(provider: Provider) -> None:
    made = provider.made("ada@example.com", displayName="Ada")
    answer = provider.ask("PUT", f"/Users/{made.id}", {"userName": "ada@example.com", "displayName": "Ada B."})
    assert answer.status == 200, answer.body
    assert answer.body["active"] is True
    assert answer.body["displayName"] == "Ada B."
    assert account("ada@example.com").name == "Ada B."


def test_a_new_address_within_the_domains_moves_the_account(provider: Provider) -> None:
    made = provider.made("ada@example.com")
    answer = provider.patch(f"/Users/{made.id}", {"op": "replace", "path": "userName", "value": "Lovelace@example.org"})
    assert answer.status == 204
    assert provider.get(f"/Users/{made.id}").body["userName"] == "lovelace@example.org"
    with pytest.raises(User.DoesNotExist):
        account("ada@example.com")


def test_an_address_that_is_taken_is_a_conflict(provider: Provider) -> None:
    made = provider.made("ada@example.com")
    provider.made("grace@example.com")
    operation = {"op": "replace", "path": "userName", "value": "grace@example.com"}
    answer = provider.patch(f"/Users/{made.id}", operation)
    assert (answer.status, answer.body["scimType"]) == (409, "uniqueness")


def test_what_is_not_kept_is_not_kept(provider: Provider) -> None:
    answer = provider.made(
        "ada@example.com", password="x" * 20, phoneNumbers=[{"value": "+1"}], title="Countess", roles=["owner"]
    )
    assert {"password", "phoneNumbers", "title", "roles"}.isdisjoint(answer.body)
    assert not account("ada@example.com").has_usable_password()


def test_the_same_said_again_changes_nothing(provider: Provider) -> None:
    made = provider.made("ada@example.com", displayName="Ada", externalId="1")
    body = {"userName": "ada@example.com", "displayName": "Ada", "externalId": "1", "active": True}
    assert provider.ask("PUT", f"/Users/{made.id}", body).version == made.version


def test_people_of_the_operator_are_found(provider: Provider) -> None:
    """An account that nobody's team holds yet."""
    User.objects.filter(pk=person("dora").pk).update(email_verified_at=now())
    provider.made("dora@example.org", displayName="Dora D.")
    assert account_by_email("dora@example.org").name == "Dora D."


def test_the_old_address_is_told_that_it_was_changed(provider: Provider, loopback: None, mail: MailServer) -> None:
    ada = provider.made("ada@example.com")
    moved = {"op": "replace", "path": "userName", "value": "countess@example.com"}
    assert provider.patch(f"/Users/{ada.id}", moved).status in {200, 204}
    (letter,) = letters(mail).items()
    assert letter[0] == "ada@example.com"
    assert "opens with another e-mail address" in letter[1]
