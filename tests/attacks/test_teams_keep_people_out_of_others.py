"""Attacker: Mallory, who owns a team that Bob is in beside Alice's, or runs its directory. Move: suspends or removes
Bob, again and again, so that he is signed out of Alice's team as well; or Bob goes on in Mallory's by a browser that
was left open. Guarantee: G-123. Each team closes its own doors, and no other's."""

from collections.abc import Callable

import pytest
from django.test import Client

from muniment.accounts.models import Session, User
from muniment.accounts.types import OPENED_BY
from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.teams.models import Team
from muniment.teams.services import add_member, change_role, remove_member, resume_member, suspend_member
from muniment.teams.types import Role
from tests.cast import Person, signed_in
from tests.scim.provider import provider_of

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[Person, User], None]


@pytest.fixture
def herbarium(mallory: Person, bob: Person) -> Agent:
    """An agent of Mallory's team, which everybody there reads; Bob is in both teams."""
    add_member(actor=mallory.actor, team=mallory.team, user=bob.user, role=Role.ADMINISTRATOR)
    return create_agent(actor=mallory.actor, name="Herbarium")


@pytest.fixture
def charter(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Charter")


def suspended(owner: Person, user: User) -> None:
    suspend_member(actor=owner.actor, team=owner.team, user=user)


def removed(owner: Person, user: User) -> None:
    remove_member(actor=owner.actor, team=owner.team, user=user)


def by_the_directory(owner: Person, user: User) -> None:
    """Deactivated where the team's people are kept."""
    provider = provider_of(owner, "example.org")
    known = provider.made(user.email)
    sent = {"op": "replace", "path": "active", "value": False}
    assert provider.patch(f"/Users/{known.id}", sent).status == 204


ACTS = [suspended, removed, by_the_directory]


def in_team(user: User, team: Team) -> Client:
    """By the person's own password, with this team chosen."""
    browser = signed_in(user)
    browser.post("/team/switch", {"team": team.pk})
    return browser


def by_provider(user: User, team: Team) -> Client:
    """As this team's provider opens it."""
    browser = signed_in(user)
    session = browser.session
    session[OPENED_BY] = team.pk
    session.save()
    return browser


def agents_seen(browser: Client) -> set[str]:
    page = browser.get("/agents")
    return {name for name in ("Herbarium", "Charter") if page.status_code == 200 and name in page.content.decode()}


@pytest.mark.parametrize("act", ACTS)
def test_he_stays_signed_in_for_the_other_team(
    act: Act, mallory: Person, bob: Person, herbarium: Agent, charter: Agent, alice: Person
) -> None:
    there, here = in_team(bob.user, mallory.team), in_team(bob.user, alice.team)
    assert there.get(herbarium.url).status_code == 200  # positive control
    act(mallory, bob.user)
    assert agents_seen(here) == agents_seen(there) == {"Charter"}
    for browser in (here, there):
        assert browser.get(herbarium.url).status_code == 404
        assert mallory.team.name not in browser.get("/agents").content.decode()
    there.post("/team/switch", {"team": mallory.team.pk})
    assert agents_seen(there) == {"Charter"}


@pytest.mark.parametrize("act", ACTS)
def test_what_the_teams_own_provider_opened_ends(
    act: Act, mallory: Person, alice: Person, bob: Person, herbarium: Agent, charter: Agent
) -> None:
    """And what the other team's opened does not, which never opened this one."""
    hers, alices = by_provider(bob.user, mallory.team), by_provider(bob.user, alice.team)
    assert agents_seen(hers) == {"Herbarium"}
    act(mallory, bob.user)
    assert hers.get("/agents")["Location"].startswith("/sign-in")
    assert agents_seen(alices) == {"Charter"}


@pytest.mark.parametrize("act", ACTS)
def test_who_is_in_no_other_team_is_signed_out(act: Act, mallory: Person, alice: Person, bob: Person) -> None:
    """The control: and so is who acts in no other, being suspended there."""
    add_member(actor=mallory.actor, team=mallory.team, user=bob.user, role=Role.ADMINISTRATOR)
    browser = in_team(bob.user, mallory.team)
    suspend_member(actor=alice.actor, team=alice.team, user=bob.user)
    assert browser.get("/agents").status_code == 200
    act(mallory, bob.user)
    assert browser.get("/agents")["Location"].startswith("/sign-in")
    assert not Session.objects.filter(user=bob.user).exists()


def test_nothing_of_former_days_opens_when_he_is_invited_again(mallory: Person, bob: Person, herbarium: Agent) -> None:
    hers = by_provider(bob.user, mallory.team)
    removed(mallory, bob.user)
    add_member(actor=mallory.actor, team=mallory.team, user=bob.user, role=Role.ADMINISTRATOR)
    assert hers.get("/agents")["Location"].startswith("/sign-in")
    assert agents_seen(by_provider(bob.user, mallory.team)) == {"Herbarium"}


def test_a_browser_that_lived_on_is_not_back_when_he_is_resumed(
    mallory: Person, bob: Person, herbarium: Agent, charter: Agent, alice: Person
) -> None:
    """It was stolen meanwhile."""
    stolen = in_team(bob.user, mallory.team)
    suspended(mallory, bob.user)
    resume_member(actor=mallory.actor, team=mallory.team, user=bob.user)
    assert agents_seen(stolen) == {"Charter"}
    assert stolen.get(herbarium.url).status_code == 404
    assert "Not open in this session" in stolen.get("/").content.decode()
    anew = in_team(bob.user, mallory.team)
    assert agents_seen(anew) == {"Herbarium"}
    assert "Not open in this session" not in anew.get("/").content.decode()


@pytest.mark.parametrize("way", ["suspend", "remove"])
def test_who_ends_himself_is_led_to_the_sign_in(way: str, alice: Person, bob: Person) -> None:
    change_role(actor=alice.actor, team=alice.team, user=bob.user, role=Role.OWNER)
    browser = signed_in(bob.user)
    sent = browser.post(f"/members/{bob.user.pk}/{way}", {"agents": "delete"}, follow=True)
    assert sent.status_code == 200
    assert sent.redirect_chain[-1][0].startswith("/sign-in")
