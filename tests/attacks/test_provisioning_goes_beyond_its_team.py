"""Attacker: who administers a team's provider of identities, or took it over; Mallory, who does so in the next team.
Move: ids, people and groups of another team, owners, roles by every way there is, addresses that only look like the
team's, filters that ask for more, two requests in the same moment. Guarantees: G-150 to G-153."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from muniment.accounts.models import User
from muniment.accounts.services import create_user
from muniment.core.actors import SYSTEM
from muniment.core.clock import now
from muniment.core.errors import PermissionDeniedError
from muniment.core.ids import new_id
from muniment.scim.models import Group, Provisioned
from muniment.teams.models import Membership
from muniment.teams.services import add_member, set_group_rules, set_provisioning
from muniment.teams.types import Role
from tests.cast import PASSWORD, Person
from tests.scim.provider import Provider, account, membership, prove, provider_of

SUSPENDS = {"op": "replace", "path": "active", "value": False}


@pytest.fixture
def next_door(mallory: Person) -> Provider:
    return provider_of(mallory, "next.example")


def of_both(provider: Provider, next_door: Provider) -> tuple[str, str, str]:
    """Ada and her group in Alice's team, Eve in Mallory's: their ids."""
    ada = provider.made("ada@example.com", externalId="00u1").id
    return ada, provider.group("Botanists", ada, externalId="g1").id, next_door.made("eve@next.example").id


def test_its_people_and_groups_are_not_there(provider: Provider, next_door: Provider) -> None:
    ada, group, eve = of_both(provider, next_door)
    rename = {"op": "replace", "path": "displayName", "value": "Mine"}
    for path in (f"/Users/{ada}", f"/Groups/{group}"):
        assert next_door.get(path).status == 404
        assert next_door.patch(path, rename).status == 404
        assert next_door.ask("PUT", path, {"userName": "x@next.example", "displayName": "x"}).status == 404
        assert next_door.ask("DELETE", path).status == 404
        assert provider.get(path).status == 200
    assert provider.get(f"/Users/{eve}").status == 404
    nowhere = next_door.get(f"/Users/{new_id()}").body
    assert next_door.get(f"/Users/{ada}").body == nowhere


def test_no_search_finds_them(provider: Provider, next_door: Provider) -> None:
    ada, group, _ = of_both(provider, next_door)
    filters = (
        "userName pr",
        f'id eq "{ada}"',
        'externalId eq "00u1"',
        f'groups.value eq "{group}"',
        'groups.display eq "Botanists"',
        'not (userName eq "eve@next.example")',
        'userName eq "x" or externalId pr or not (active eq false)',
    )
    found = {name for one in filters for name in next_door.find(one).found}
    assert found == {"eve@next.example"}
    assert next_door.find(f'members.value eq "{ada}"', "Groups").body["totalResults"] == 0
    assert next_door.get("/?count=100").body["totalResults"] == 1
    assert provider.find(f'groups.value eq "{group}"').found == ["ada@example.com"]


def test_no_group_takes_them_in(provider: Provider, next_door: Provider) -> None:
    ada, group, eve = of_both(provider, next_door)
    body = {"displayName": "Mixed", "members": [{"value": eve}, {"value": ada}]}
    answer = next_door.ask("POST", "/Groups", body)
    assert (answer.status, answer.body["scimType"]) == (400, "invalidValue")
    added = {"op": "add", "path": "members", "value": [{"value": eve}]}
    assert provider.patch(f"/Groups/{group}", added).status == 400
    assert not Group.objects.filter(display_name="Mixed").exists()
    assert next_door.group("Unmixed", eve)


def test_a_member_with_an_address_of_no_proven_domain_is_not_adopted(next_door: Provider, bob: Person) -> None:
    """Nor does Bob, of Alice's team, come into Mallory's."""
    assert next_door.create("bob@example.org").status == 400
    assert not Membership.objects.filter(team=next_door.team, user=bob.user).exists()
    prove(next_door.team, "example.org")
    User.objects.filter(pk=bob.user.pk).update(email_verified_at=now())
    assert next_door.create("bob@example.org").status == 201  # positive control


def test_an_account_of_two_teams_is_changed_by_neither_provider(
    provider: Provider,
    next_door: Provider,
) -> None:
    eve = account_of(next_door.made("eve@next.example", displayName="Eve"))
    add_member(actor=SYSTEM, team=provider.team, user=eve, role=Role.MEMBER)
    (made,) = next_door.find("userName pr").body["Resources"]
    path = f"/Users/{made['id']}"
    moved = next_door.patch(path, {"op": "replace", "path": "userName", "value": "eva@next.example"})
    assert (moved.status, moved.body["scimType"]) == (400, "invalidValue")
    assert next_door.patch(path, {"op": "replace", "path": "displayName", "value": "Eva"}).status == 204
    eve.refresh_from_db()
    assert (eve.email, eve.name) == ("eve@next.example", "Eve")
    assert next_door.patch(path, SUSPENDS).status == 204
    assert Membership.objects.get(team=provider.team, user=eve).suspended_at is None


def test_what_the_provider_calls_somebody_is_no_id_of_ours(provider: Provider) -> None:
    other = provider.made("grace@example.com").id
    ada = provider.made("ada@example.com", externalId=other)
    assert provider.get(f"/Users/{other}").body["userName"] == "grace@example.com"
    user = account("ada@example.com")
    for known in (user.pk, user.ref, membership(provider.team, "ada@example.com").pk, "00u1"):
        assert provider.get(f"/Users/{known}").status == 404
    assert provider.find(f'externalId eq "{other}"').found == ["ada@example.com"]
    assert provider.get(f"/Users/{ada.id}").status == 200


def account_of(answer: Any) -> User:
    return account(answer.body["userName"])


def test_nothing_makes_an_owner(provider: Provider, alice: Person) -> None:
    made = provider.made("ada@example.com", roles=[{"value": "owner", "primary": True}], userType="owner")
    for operation in (
        {"op": "add", "path": "roles", "value": [{"value": "owner"}]},
        {"op": "replace", "value": {"roles": ["owner"], "role": "owner", "entitlements": ["owner"]}},
        {"op": "replace", "path": 'roles[primary eq "True"].value', "value": "owner"},
    ):
        assert provider.patch(f"/Users/{made.id}", operation).status == 204
    provider.group("owner", made.id)
    assert membership(provider.team, "ada@example.com").held == Role.MEMBER
    with pytest.raises(PermissionDeniedError):
        set_group_rules(actor=alice.actor, rules=[("owner", Role.OWNER)])
    with pytest.raises(PermissionDeniedError):
        set_provisioning(actor=alice.actor, role=Role.OWNER, joins_on_sign_in=False, scim=True, heir=None)
    set_group_rules(actor=alice.actor, rules=[("owner", Role.ADMINISTRATOR)])
    provider.ask("DELETE", f"/Groups/{provider.find('id pr', 'Groups').body['Resources'][0]['id']}")
    provider.group("owner", made.id)
    assert membership(provider.team, "ada@example.com").held == Role.ADMINISTRATOR


@pytest.mark.parametrize("kept", ["owner", "break-glass"])
def test_owners_and_who_is_kept_for_emergencies_are_left_as_they_are(
    provider: Provider,
    alice: Person,
    bob: Person,
    kept: str,
) -> None:
    who = alice if kept == "owner" else bob
    Membership.objects.filter(user=bob.user).update(break_glass=True)
    before = membership(provider.team, who.user.email).held
    path = f"/Users/{provider.made(who.user.email, displayName='Somebody Else').id}"
    set_group_rules(actor=alice.actor, rules=[("Guests", Role.CHAT_ONLY)])
    provider.group("Guests", path.rpartition("/")[2])
    moved = {"op": "replace", "path": "userName", "value": "taken@example.com"}
    assert provider.patch(path, SUSPENDS).status == 403
    assert provider.patch(path, moved).status == 403
    assert provider.ask("PUT", path, {"userName": who.user.email, "active": False}).status == 403
    assert provider.ask("DELETE", path).status == 403
    after = membership(provider.team, who.user.email)
    assert (after.held, after.suspended_at, after.user.name) == (before, None, who.user.name)
    Membership.objects.filter(user=bob.user).update(break_glass=False)
    assert provider.patch(path, SUSPENDS).status == (403 if kept == "owner" else 204)


def test_a_second_owner_is_no_more_the_providers(provider: Provider, alice: Person, bob: Person) -> None:
    Membership.objects.filter(user=bob.user).update(role=Role.OWNER)
    assert provider.patch(f"/Users/{provider.made(bob.user.email).id}", SUSPENDS).status == 403


LOOKALIKES = [
    "ada@ex\u0430mple.com",  # the Cyrillic a
    "\u0430da@example.com",
    "\uff41da@example.com",  # full-width
    "ada\uff20example.com",
    "\u212aate@example.com",  # the Kelvin sign, a k in lower case
    "\u0130ris@example.com",  # the dotted capital I
    "\u0131ris@example.com",  # the dotless i
    "stra\u00dfe@example.com",
    "\u017fara@example.com",  # the long s
    "ada\u200b@example.com",
    "ada@example.com\u0000",
    "ada@example.com.evil.example",
    "ada@evilexample.com",
    '"ada@example.com"@evil.example',
    "ada@example.com,eve@evil.example",
    "ada@example.com\r\nBcc: eve@evil.example",
]


def test_addresses_that_only_look_like_the_teams(provider: Provider) -> None:
    provider.made("kate@example.com")
    answers = {one: provider.create(one).status for one in LOOKALIKES}
    assert answers == dict.fromkeys(LOOKALIKES, 400)
    made = provider.made("ada@example.com")
    for one in LOOKALIKES:
        moved = provider.patch(f"/Users/{made.id}", {"op": "replace", "path": "userName", "value": one})
        assert moved.status == 400, one
    assert account("ada@example.com").email == "ada@example.com"
    assert sorted(provider.find("userName pr").found) == ["ada@example.com", "kate@example.com"]


@pytest.mark.parametrize("spelt", ["ADA@EXAMPLE.COM", " ada@example.com ", "Ada@Example.Com"])
def test_one_person_has_one_address_in_any_case(provider: Provider, spelt: str) -> None:
    provider.made("ada@example.com")
    answer = provider.create(spelt)
    assert (answer.status, answer.body["scimType"]) == (409, "uniqueness")


def test_no_address_leaves_the_teams_domains(provider: Provider) -> None:
    made = provider.made("ada@example.com")
    for body in ({"userName": "ada@evil.example"}, {"userName": "ada@evil.example", "emails": [{"value": "a@b.c"}]}):
        assert provider.ask("PUT", f"/Users/{made.id}", body).status == 400
    assert provider.ask("PUT", f"/Users/{made.id}", {"userName": "ada@example.org"}).status == 200


def test_a_password_opens_nothing(provider: Provider) -> None:
    made = provider.made("ada@example.com", password=PASSWORD)
    operation = {"op": "replace", "path": "password", "value": PASSWORD}
    assert provider.patch(f"/Users/{made.id}", operation, {"op": "add", "value": {"password": PASSWORD}}).status == 204
    assert provider.ask("PUT", f"/Users/{made.id}", {"userName": "ada@example.com", "password": PASSWORD}).status == 200
    assert "password" not in provider.get(f"/Users/{made.id}?attributes=password").body
    assert provider.find(f'password eq "{PASSWORD}"').status == 400
    answer = Client().post("/sign-in", {"email": "ada@example.com", "password": PASSWORD})
    assert answer.status_code == 422
    user = account("ada@example.com")
    user.set_password(PASSWORD)
    user.save()
    assert Client().post("/sign-in", {"email": "ada@example.com", "password": PASSWORD}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_requests_in_one_moment_make_one_person(provider: Provider) -> None:
    together = Barrier(2)

    def create(address: str) -> int:
        together.wait()
        try:
            return Provider(provider.team, provider.token).create(address).status
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        statuses = list(threads.map(create, ("ada@example.com", "ADA@example.com")))
    assert sorted(statuses) == [201, 409]
    assert Provisioned.objects.count() == 1


def test_an_account_that_somebody_else_made_for_the_address_does_not_come_along(
    provider: Provider, mallory: Person
) -> None:
    """Mallory made it in his team for Ada's address, and knows its password: with it he would come in as Ada."""
    planted = create_user(actor=SYSTEM, email="ada@example.com", password=PASSWORD)
    add_member(actor=mallory.actor, team=mallory.team, user=planted, role=Role.MEMBER)
    answer = provider.create("ada@example.com")
    assert answer.status == 403
    assert "nobody has shown" in answer.body["detail"]
    assert not Membership.objects.filter(user=planted, team=provider.team).exists()
    User.objects.filter(pk=planted.pk).update(email_verified_at=now())  # positive control
    assert provider.create("ada@example.com").status == 201
