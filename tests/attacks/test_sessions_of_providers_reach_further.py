"""Attacker: who runs a team's provider, whoever sits at an open browser, and who was kept once for the day the provider
fails. Move: what a session of the provider may do in its team is used to reach accounts, other domains or other teams,
or an answer is held back until it counts for something else. Guarantee: G-134."""

from typing import Any

import pytest
from django.test import Client

from muniment.audit.models import Outbox
from muniment.core.clock import now
from muniment.sso import arriving
from muniment.sso.models import Connection, Identity
from muniment.sso.services import ConnectionDraft, TypedProvider, set_by_hand, switch_connection, update_connection
from muniment.teams.errors import DomainError, LastOwnerError
from muniment.teams.models import Domain, Membership, SignInPolicy
from muniment.teams.services import (
    add_member,
    change_role,
    remove_domain,
    set_break_glass,
    set_provisioning,
    suspend_member,
)
from muniment.teams.types import Role
from tests.cast import Person, signed_in
from tests.sso.provider import Provider, key_pair
from tests.sso.team_with_provider import SSO_URL, SamlTeam, connect_saml, in_session, prove
from tests.sso.test_by_the_provider_only import passkey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys_are_made_once")]


def recovery_link(browser: Client, person: Person) -> Any:
    return browser.post(f"/team/people/{person.user.ref}/recovery-link")


def own_session(person: Person, **marks: Any) -> Client:
    """By the person's own password, with what is left in it."""
    browser = signed_in(person.user)
    session = browser.session
    session.update(marks)
    session.save()
    return browser


def test_it_fetches_no_link_to_an_account(acme: SamlTeam, alice: Person, bob: Person, mallory: Person) -> None:
    """Alice owns here and in the other team; Bob is in both. The link would set his password, for both."""
    for one, role in ((alice, Role.OWNER), (bob, Role.BUILDER)):
        add_member(actor=mallory.actor, team=mallory.team, user=one.user, role=role)
    browser = Client()
    acme.sign_in(browser, alice.user.email)
    assert recovery_link(browser, bob).status_code == 403
    own = recovery_link(own_session(alice, confirmed=now().isoformat(), team=alice.team.pk), bob)
    assert own.status_code == 200  # positive control


def test_it_fetches_no_link_in_a_team_that_is_all_there_is(acme: SamlTeam, alice: Person, bob: Person) -> None:
    """The link would leave a password behind, which the provider never sees again."""
    browser = Client()
    acme.sign_in(browser, alice.user.email)
    assert recovery_link(browser, bob).status_code == 403
    own = recovery_link(own_session(alice, confirmed=now().isoformat(), team=alice.team.pk), bob)
    assert own.status_code == 200  # positive control


def test_a_connection_speaks_of_its_own_domains_alone(acme: SamlTeam, alice: Person) -> None:
    """The agency's provider is for agency.example; it names Alice, who owns the team and has the other domain."""
    prove(alice.team, "agency.example")
    set_provisioning(actor=alice.actor, role=Role.MEMBER, joins_on_sign_in=True, scim=False, heir=None)
    agency = connect_saml(alice, name="Agency", provider=Provider("agency"))
    draft = ConnectionDraft("Agency", domains=["agency.example"])
    update_connection(actor=alice.actor, connection=agency.connection.pk, draft=draft)
    browser, other = Client(), Client()
    asked = agency.begin(browser, "eve@agency.example")
    assert agency.arrive(browser, agency.answer(asked, alice.user.email)).status_code == 403
    assert in_session(browser) is None
    asked = acme.begin(other, alice.user.email)  # nor does the one that names no domain speak of the agency's
    assert acme.arrive(other, acme.answer(asked, "eve@agency.example")).status_code == 403
    agency.sign_in(browser, "eve@agency.example")
    acme.sign_in(other, alice.user.email)
    assert in_session(browser) != in_session(other) == alice.user  # positive control


def test_a_sign_in_that_asked_nobody_anew_confirms_nothing(acme: SamlTeam, alice: Person) -> None:
    """The browser is open; the provider's session, hours old, signs in again."""
    browser = Client()
    acme.sign_in(browser, alice.user.email, authn_instant=-6 * 3600)
    assert browser.get("/profile/sso").status_code == 200
    assert browser.get("/profile/sso/new").status_code == 302
    fresh = Client()
    acme.sign_in(fresh, alice.user.email)
    assert fresh.get("/profile/sso/new").status_code == 200  # positive control


@pytest.mark.parametrize("move", ["off", "elsewhere", "nothing"])
def test_an_answer_that_was_on_its_way_does_not_count_any_more(
    acme: SamlTeam, alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch, move: str
) -> None:
    read = arriving._heard

    def slow(connection: Connection, *given: Any) -> Any:
        said = read(connection, *given)  # the provider takes its time with code, keys and userinfo
        if move == "off":
            switch_connection(actor=alice.actor, connection=connection.pk, on=False)
        elif move == "elsewhere":
            typed = TypedProvider("https://new.example/idp", SSO_URL, [key_pair("new").certificate])
            set_by_hand(actor=alice.actor, connection=connection.pk, typed=typed)
        return said

    monkeypatch.setattr(arriving, "_heard", slow)
    browser = Client()
    acme.sign_in(browser, bob.user.email)
    assert in_session(browser) == (bob.user if move == "nothing" else None)
    assert Identity.objects.exists() is (move == "nothing")


def test_who_is_no_owner_any_more_is_kept_no_more(acme: SamlTeam, alice: Person, bob: Person) -> None:
    for one in (alice, bob):
        passkey(one.user)
        change_role(actor=alice.actor, team=alice.team, user=bob.user, role=Role.OWNER)
        set_break_glass(actor=alice.actor, user=one.user, on=True)
    SignInPolicy.objects.create(team=alice.team, sso_only=True)
    assert alice.team.name in own_session(bob, passkey=True).get("/agents").content.decode()  # positive control
    change_role(actor=alice.actor, team=alice.team, user=bob.user, role=Role.MEMBER)
    assert alice.team.name not in own_session(bob, passkey=True).get("/agents").content.decode()
    assert not Membership.objects.get(team=alice.team, user=bob.user).break_glass


def test_the_last_who_is_kept_stays_while_the_provider_alone_opens(alice: Person, bob: Person) -> None:
    change_role(actor=alice.actor, team=alice.team, user=bob.user, role=Role.OWNER)
    passkey(bob.user)
    set_break_glass(actor=alice.actor, user=bob.user, on=True)
    SignInPolicy.objects.create(team=alice.team, sso_only=True)
    with pytest.raises(LastOwnerError):
        change_role(actor=alice.actor, team=alice.team, user=bob.user, role=Role.MEMBER)
    with pytest.raises(LastOwnerError):
        suspend_member(actor=alice.actor, team=alice.team, user=bob.user)
    SignInPolicy.objects.update(sso_only=False)
    change_role(actor=alice.actor, team=alice.team, user=bob.user, role=Role.MEMBER)  # positive control


def test_the_last_domain_stays_as_well(acme: SamlTeam, alice: Person) -> None:
    (domain,) = Domain.objects.filter(team=alice.team)
    policy = SignInPolicy.objects.create(team=alice.team, sso_only=True)
    with pytest.raises(DomainError):
        remove_domain(actor=alice.actor, domain=domain)
    policy.delete()
    remove_domain(actor=alice.actor, domain=domain)  # positive control


def test_it_renames_nobody_in_other_teams(acme: SamlTeam, bob: Person, mallory: Person) -> None:
    add_member(actor=mallory.actor, team=mallory.team, user=bob.user, role=Role.MEMBER)
    browser, new = Client(), {"name": "Mallory", "language": "de", "time_zone": ""}
    acme.sign_in(browser, bob.user.email)
    assert browser.post("/profile", new).status_code == 403
    bob.user.refresh_from_db()
    assert bob.user.name == "Bob"
    assert browser.post("/profile", new | {"name": "Bob"}).status_code == 302
    assert signed_in(bob.user).post("/profile", new).status_code == 302  # positive control


def test_the_log_of_the_team_that_was_entered_says_so(acme: SamlTeam, bob: Person, mallory: Person) -> None:
    """Not that of the other team, which comes first by its name."""
    add_member(actor=mallory.actor, team=mallory.team, user=bob.user, role=Role.MEMBER)
    acme.sign_in(Client(), bob.user.email)
    before = Outbox.objects.count()
    acme.sign_in(Client(), bob.user.email)
    events = [bytes(one.body).decode() for one in Outbox.objects.order_by("pk")[before:]]
    told = [one for one in events if bob.user.ref in one]
    assert told
    assert all(acme.connection.team_id in one for one in told)
    assert not any(mallory.team.pk in one for one in told)
