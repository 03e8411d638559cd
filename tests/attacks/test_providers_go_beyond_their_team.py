"""Attacker: who runs a team's identity provider, or its administrator's account there. Move: have it name people of
other domains, of other teams, owners, or one who was given the address of somebody else; then use the session it opened
to reach what is not that team's. Guarantee: a provider speaks of people in its team's proven domains, the session it
opens opens that team alone, and it changes nothing of how an account is opened."""

from dataclasses import replace

import pytest
from django.test import Client

from muniment.accounts.models import Session, User
from muniment.accounts.policies import require_own_door
from muniment.accounts.selectors import sessions_of
from muniment.accounts.services import unsaved_user
from muniment.core.actors import SYSTEM, Actor
from muniment.core.clock import now
from muniment.core.errors import PermissionDeniedError
from muniment.sso.models import Identity
from muniment.teams.models import Membership
from muniment.teams.selectors import actor_for
from muniment.teams.services import add_member, create_team, invite, remove_member, set_provisioning
from muniment.teams.types import Role
from tests.cast import PASSWORD, Person, person, signed_in
from tests.sso.team_with_provider import SamlTeam, connect_saml, in_session, prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys_are_made_once")]


def joining(owner: Person) -> None:
    set_provisioning(actor=owner.actor, role=Role.MEMBER, joins_on_sign_in=True, scim=False, heir=None)


@pytest.fixture
def both(acme: SamlTeam, bob: Person, mallory: Person) -> Person:
    """Bob is in Mallory's team as well; he came to Alice's by her provider."""
    add_member(actor=mallory.actor, team=mallory.team, user=bob.user, role=Role.MEMBER)
    return bob


def test_a_session_of_one_provider_opens_no_other_team(acme: SamlTeam, both: Person, mallory: Person) -> None:
    own = signed_in(both.user)
    assert own.post("/team/switch", {"team": mallory.team.pk}).status_code == 302  # positive control
    assert mallory.team.name in own.get("/agents").content.decode()
    browser = Client()
    acme.sign_in(browser, both.user.email)
    assert browser.post("/team/switch", {"team": mallory.team.pk}).status_code == 404
    assert mallory.team.name not in browser.get("/agents").content.decode()
    session = browser.session
    session["team"] = mallory.team.pk
    session.save()
    assert mallory.team.name not in browser.get("/agents").content.decode()


@pytest.mark.parametrize(
    "email",
    ["eve@elsewhere.example", "eve@mail.example.org", "eve@xexample.org", "eve@example.org.evil.example", "eve"],
)
def test_people_of_other_domains_are_nobody(acme: SamlTeam, alice: Person, email: str) -> None:
    joining(alice)
    browser = Client()
    asked = acme.begin(browser, "eve@example.org")
    assert acme.arrive(browser, acme.answer(asked, email)).status_code == 403
    assert in_session(browser) is None
    acme.sign_in(browser, "eve@example.org")  # positive control
    assert in_session(browser) is not None


def test_a_known_person_whose_address_left_the_domain_is_not_let_in(acme: SamlTeam, bob: Person) -> None:
    acme.sign_in(Client(), bob.user.email, name_id="u-17")
    browser = Client()
    asked = acme.begin(browser, bob.user.email)
    said = acme.answer(asked, "u-17", attributes={"mail": ("bob@elsewhere.example",)})
    assert acme.arrive(browser, said).status_code == 403


def test_an_address_given_to_somebody_else_opens_no_account(acme: SamlTeam, bob: Person) -> None:
    acme.sign_in(Client(), bob.user.email, name_id="the first bob")
    browser = Client()
    answer = acme.sign_in(browser, bob.user.email, name_id="the second bob")
    assert "somebody else" in answer.content.decode()
    assert in_session(browser) is None
    acme.sign_in(browser, bob.user.email, name_id="the first bob")  # positive control
    assert in_session(browser) == bob.user


def test_an_account_that_somebody_else_made_for_the_address_is_not_taken_in(
    acme: SamlTeam,
    alice: Person,
    mallory: Person,
) -> None:
    joining(alice)
    planted = person("eve")  # whose password Mallory knows, in his team
    add_member(actor=mallory.actor, team=mallory.team, user=planted, role=Role.MEMBER)
    browser = Client()
    assert "nobody has shown to be yours" in acme.sign_in(browser, planted.email).content.decode()
    assert not Membership.objects.filter(user=planted, team=alice.team).exists()
    User.objects.filter(pk=planted.pk).update(email_verified_at=planted.created_at)  # positive control
    acme.sign_in(browser, planted.email)
    assert in_session(browser) == planted


def test_two_teams_with_the_same_provider_and_names_have_people_of_their_own(
    acme: SamlTeam,
    alice: Person,
    bob: Person,
    mallory: Person,
) -> None:
    prove(mallory.team, "next.example")
    joining(mallory)
    other = connect_saml(mallory)
    browser = Client()
    acme.sign_in(Client(), bob.user.email, name_id="same")
    other.sign_in(browser, "bob@next.example", name_id="same")
    arrived = in_session(browser)
    assert arrived is not None
    assert arrived != bob.user
    assert set(Membership.objects.filter(user=arrived).values_list("team", flat=True)) == {mallory.team.pk}
    stranger = Client()  # nor does his provider name Alice's people
    assert (
        other.arrive(stranger, other.answer(other.begin(stranger, "x@next.example"), bob.user.email)).status_code == 403
    )


def test_an_answer_for_one_connection_is_none_for_another(acme: SamlTeam, mallory: Person, bob: Person) -> None:
    prove(mallory.team, "next.example")
    other = connect_saml(mallory)
    browser = Client()
    asked = other.begin(browser, "x@next.example")
    form = acme.answer(asked, bob.user.email)
    assert acme.arrive(browser, form).status_code == 400
    assert other.arrive(browser, form).status_code == 403
    assert in_session(browser) is None


def alone(user: User, owner: Person) -> Actor:
    """As `session_actor` makes it of a session that the team's provider opened."""
    return replace(actor_for(user, owner.team), alone=True)


def test_it_changes_nothing_of_how_the_account_is_opened(acme: SamlTeam, both: Person) -> None:
    browser, own = Client(), signed_in(both.user)
    acme.sign_in(browser, both.user.email)
    change = {"current": PASSWORD, "new": "another quiet reading room", "again": "another quiet reading room"}
    assert browser.post("/profile/security", change).status_code == 403
    for address in ("/profile/two-factor/enable", "/profile/two-factor/disable", "/profile/email"):
        assert browser.get(address).status_code == 403
    assert own.post("/profile/security", change).status_code == 302  # positive control


def test_it_neither_sees_nor_ends_sessions_of_other_teams(acme: SamlTeam, both: Person, alice: Person) -> None:
    own, browser = Client(), Client()
    own.post("/sign-in", {"email": both.user.email, "password": PASSWORD})
    acme.sign_in(browser, both.user.email)
    seen = sessions_of(alone(both.user, alice), user=both.user)
    assert [view.team for view in seen] == [alice.team.pk]
    browser.post("/profile/sessions/end-others")
    assert Session.objects.filter(session_key=own.session.session_key).exists()
    own.post("/profile/sessions/end-others")  # positive control
    assert not Session.objects.filter(session_key=browser.session.session_key).exists()


def test_it_takes_up_no_invitation_of_another_team(acme: SamlTeam, bob: Person, mallory: Person) -> None:
    invited = invite(actor=mallory.actor, team=mallory.team, email=bob.user.email, role=Role.MEMBER)
    assert invited.link is not None
    token = invited.link.partition("#")[2]
    browser = Client()
    acme.sign_in(browser, bob.user.email)
    assert browser.post("/invitation", {"token": token}).status_code == 403
    assert not Membership.objects.filter(team=mallory.team, user=bob.user).exists()
    assert signed_in(bob.user).post("/invitation", {"token": token}).status_code == 302  # positive control


def test_who_was_removed_does_not_come_back_as_before(acme: SamlTeam, alice: Person, bob: Person) -> None:
    acme.sign_in(Client(), bob.user.email)
    remove_member(actor=alice.actor, team=alice.team, user=bob.user)
    assert not Identity.objects.exists()
    browser = Client()
    assert acme.sign_in(browser, bob.user.email).status_code == 403
    assert in_session(browser) is None


def test_an_account_in_two_teams_without_a_password_is_still_each_teams_own(alice: Person, mallory: Person) -> None:
    """The account that Alice's provider made, invited by Mallory: his provider cannot name it; the domain is hers."""
    user = unsaved_user(email="eve@example.org", password=None)
    user.save()
    create_team(actor=SYSTEM, name="Third", owner=user)
    prove(mallory.team, "next.example")
    joining(mallory)
    other = connect_saml(mallory)
    browser = Client()
    assert other.arrive(browser, other.answer(other.begin(browser, "x@next.example"), user.email)).status_code == 403
    assert in_session(browser) is None


def test_what_a_password_confirmed_does_not_count_once_the_provider_signs_in(
    acme: SamlTeam,
    both: Person,
) -> None:
    """Whoever sits at an open browser has the provider begin a sign-in as the same person."""
    acme.connection.saml.lets_provider_begin = True
    acme.connection.saml.save()
    browser = signed_in(both.user)
    session = browser.session
    session["confirmed"] = now().isoformat()
    session.save()
    assert browser.get("/profile/email").status_code == 200  # positive control
    assert acme.arrive(browser, acme.answer(None, both.user.email)).status_code == 302
    assert browser.session["opened_by"] == acme.connection.team_id
    assert "confirmed" not in browser.session
    assert browser.get("/profile/email").status_code == 403


def test_home_says_which_teams_are_not_open_here(acme: SamlTeam, both: Person, mallory: Person) -> None:
    browser = Client()
    acme.sign_in(browser, both.user.email)
    page = browser.get("/").content.decode()
    assert "for one team alone" in page
    assert mallory.team.name not in page
    assert "for one team alone" not in signed_in(both.user).get("/").content.decode()


def test_policies_refuse_the_doors_themselves(both: Person, alice: Person) -> None:
    with pytest.raises(PermissionDeniedError):
        require_own_door(alone(both.user, alice), both.user)
    require_own_door(both.actor, both.user)  # positive control
