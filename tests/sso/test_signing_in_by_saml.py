"""Somebody types the address, is sent to the team's provider, and comes back signed in to that team."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from muniment.accounts.models import Session, User
from muniment.audit.models import Outbox
from muniment.core.clock import now
from muniment.core.rates import Buckets
from muniment.sso import doors
from muniment.sso.models import Identity
from muniment.teams.models import GroupRule, Membership, ProvisioningPolicy
from muniment.teams.services import set_group_rules, set_provisioning, suspend_member
from muniment.teams.types import Role
from tests.cast import Person
from tests.sso.team_with_provider import SamlTeam, connect_saml, in_session, prove

pytestmark = pytest.mark.django_db


def joining(owner: Person, *, scim: bool = False, role: Role = Role.MEMBER) -> None:
    set_provisioning(actor=owner.actor, role=role, joins_on_sign_in=True, scim=scim, heir=None)


def test_a_member_comes_by_the_provider(acme: SamlTeam, bob: Person) -> None:
    browser = Client()
    answer = acme.sign_in(browser, bob.user.email, after="/members")
    assert (answer.status_code, answer["Location"]) == (302, "/members")
    assert in_session(browser) == bob.user
    assert browser.get("/members").status_code == 200
    session = Session.objects.get(session_key=browser.session.session_key)
    assert session.opened_by == acme.connection.team_id
    assert Identity.objects.get(connection=acme.connection).user == bob.user


def test_the_same_person_is_known_again_by_the_name_id(acme: SamlTeam, bob: Person) -> None:
    acme.sign_in(Client(), bob.user.email, name_id="u-17")
    browser = Client()
    acme.sign_in(browser, bob.user.email, name_id="u-17", attributes={"mail": ("other@example.org",)})
    assert in_session(browser) == bob.user
    assert Identity.objects.count() == 1


@pytest.mark.parametrize("name", ["urn:oid:0.9.2342.19200300.100.1.3", "urn:oid:1.2.840.113549.1.9.1"])
def test_the_address_is_found_by_its_oid(acme: SamlTeam, bob: Person, name: str) -> None:
    browser = Client()
    acme.sign_in(browser, bob.user.email, name_id="u-17", attributes={name: (bob.user.email,)})
    assert in_session(browser) == bob.user


def test_an_account_is_made_for_who_is_new_where_the_team_wants_that(acme: SamlTeam, alice: Person) -> None:
    refused = Client()
    assert "You are not a member" in acme.sign_in(refused, "eve@example.org").content.decode()
    assert not User.objects.filter(email="eve@example.org").exists()
    joining(alice)
    browser = Client()
    assert acme.sign_in(browser, "eve@example.org").status_code == 302
    made = in_session(browser)
    assert made is not None
    assert (made.email, made.name) == ("eve@example.org", "Eve Employee")
    assert made.email_verified_at is not None
    assert not made.has_usable_password()
    assert Membership.objects.get(user=made).role == Role.MEMBER


def test_who_is_refused_reads_why_in_the_language_of_the_browser(acme: SamlTeam) -> None:
    refused = {}
    for language in ("en", "de"):
        browser = Client(headers={"accept-language": language})
        refused[language] = acme.sign_in(browser, "eve@example.org").content.decode()
        form = acme.answer(acme.begin(browser, "eve@example.org"), "eve@example.org", audience="somebody else")
        refused[f"{language} protocol"] = acme.arrive(browser, form).content.decode()
    assert "You are not a member" in refused["en"]
    assert "Sie sind kein Mitglied" in refused["de"]
    assert "for another service" in refused["en protocol"]
    assert "einen anderen Dienst" in refused["de protocol"]


def test_groups_give_the_role(acme: SamlTeam, alice: Person) -> None:
    joining(alice)
    set_group_rules(actor=alice.actor, rules=[("Builders", Role.BUILDER), ("Readers", Role.ANALYST)])
    said = {"mail": ("eve@example.org",)}
    acme.sign_in(Client(), "eve@example.org", attributes=said | {"groups": ("Readers", "Builders")})
    membership = Membership.objects.get(user__email="eve@example.org")
    assert membership.role == Role.BUILDER
    acme.sign_in(Client(), "eve@example.org", attributes=said | {"groups": ("Readers",)})
    membership.refresh_from_db()
    assert membership.role == Role.ANALYST
    acme.sign_in(Client(), "eve@example.org", attributes=said)  # the provider says nothing of groups
    membership.refresh_from_db()
    assert membership.role == Role.ANALYST
    acme.sign_in(Client(), "eve@example.org", attributes=said | {"groups": ("Others",)})
    membership.refresh_from_db()
    assert membership.role == Role.MEMBER


def test_owners_keep_their_role_whatever_groups_they_are_in(acme: SamlTeam, alice: Person) -> None:
    set_group_rules(actor=alice.actor, rules=[("Everybody", Role.CHAT_ONLY)])
    browser = Client()
    acme.sign_in(browser, alice.user.email, attributes={"mail": (alice.user.email,), "groups": ("Everybody",)})
    assert in_session(browser) == alice.user
    assert Membership.objects.get(user=alice.user).role == Role.OWNER
    assert GroupRule.objects.count() == 1
    assert ProvisioningPolicy.objects.count() == 0


def test_who_is_suspended_is_not_let_in(acme: SamlTeam, alice: Person, bob: Person) -> None:
    suspend_member(actor=alice.actor, team=alice.team, user=bob.user)
    browser = Client()
    assert "suspended" in acme.sign_in(browser, bob.user.email).content.decode()
    assert in_session(browser) is None


def test_the_session_ends_when_the_provider_says(acme: SamlTeam, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Client()
    acme.sign_in(browser, bob.user.email, session_until=1800)
    assert browser.get("/agents").status_code == 200
    later = now() + timedelta(minutes=31)
    monkeypatch.setattr("muniment.accounts.middleware.now", lambda: later)
    assert browser.get("/agents").status_code == 302


def test_a_provider_that_begins_is_heard_only_where_it_may(acme: SamlTeam, bob: Person) -> None:
    form = acme.answer(None, bob.user.email)
    assert acme.arrive(Client(), form).status_code == 400
    acme.connection.saml.lets_provider_begin = True
    acme.connection.saml.save()
    browser = Client()
    assert acme.arrive(browser, form).status_code == 302
    assert in_session(browser) == bob.user


def test_each_address_is_led_to_its_own_connection(acme: SamlTeam, alice: Person) -> None:
    prove(alice.team, "second.example")
    second = connect_saml(alice, name="Second")
    second.connection.domains = ["second.example"]
    second.connection.save()
    page = Client().post("/sign-in/organisation", {"email": "x@second.example"}).content.decode()
    assert second.connection.pk not in page  # it stands in the request, deflated
    assert second.begin(Client(), "x@second.example").id
    assert acme.answer(acme.begin(Client(), "x@example.org"), "x@example.org")


def test_an_address_of_nobody_known_is_led_to_no_provider(acme: SamlTeam) -> None:
    page = Client().post("/sign-in/organisation", {"email": "x@elsewhere.example"})
    assert page.status_code == 422
    assert "No organisation signs in with this address" in page.content.decode()


def test_the_sign_in_page_offers_it_once_there_is_one(alice: Person) -> None:
    assert "/sign-in/organisation" not in Client().get("/sign-in").content.decode()
    prove(alice.team, "example.org")
    connect_saml(alice)
    assert 'formaction="/sign-in/organisation"' in Client().get("/sign-in").content.decode()


def test_the_log_says_who_came_and_how(acme: SamlTeam, bob: Person) -> None:
    before = Outbox.objects.count()
    acme.sign_in(Client(), bob.user.email)
    events = [json.loads(bytes(row.body))["event"] for row in Outbox.objects.order_by("pk")[before:]]
    assert [event["kind"] for event in events] == ["team:identity:create", "account:session:create"]
    assert events[0]["facts"] == {"way": "linked"}
    assert bob.user.email not in str(events)


def test_an_address_that_asks_without_end_waits(acme: SamlTeam, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "A_MINUTE", 3)
    monkeypatch.setattr(doors, "_buckets", Buckets())
    asked = [Client().post("/sign-in/organisation", {"email": "x@example.org"}).status_code for _ in range(5)]
    assert asked == [200, 200, 200, 429, 429]
    elsewhere = Client(REMOTE_ADDR="192.0.2.7").post("/sign-in/organisation", {"email": "x@example.org"})
    assert elsewhere.status_code == 200


def test_addresses_of_one_line_are_one(acme: SamlTeam, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "A_MINUTE", 2)
    monkeypatch.setattr(doors, "_buckets", Buckets(clock=lambda: 0.0))
    sent = {"email": "x@example.org"}
    lines = ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1")
    asked = [Client(REMOTE_ADDR=one).post("/sign-in/organisation", sent).status_code for one in lines]
    assert asked == [200, 200, 429, 200]
