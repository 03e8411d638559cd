"""Attacker: whoever holds an API key, by right or by theft. Move: use it for more than it says: other agents, other
permissions, another team, the account behind it, a further key that outlives it. Guarantee: G-125. A key opens what it
names and its owner may, as of now, and nothing else."""

import pytest

from muniment.accounts.services import rename_user
from muniment.agents.models import Agent
from muniment.agents.selectors import agent as found
from muniment.agents.selectors import agents
from muniment.agents.services import create_agent, delete_agent, update_agent
from muniment.chat.selectors import conversations
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.teams.models import ApiKey
from muniment.teams.services import (
    actor_by_token,
    add_member,
    change_role,
    create_key,
    fetch_recovery_link,
    revoke_key,
)
from muniment.teams.types import KEY_PRESETS, KeyDraft, KeyPreset, Role
from tests.cast import Person

ASK = KEY_PRESETS[KeyPreset.ASK]


def acting(person: Person, **draft: object) -> Actor:
    wanted = {"name": "Stolen", "permissions": ASK} | draft
    made = create_key(actor=person.actor, team=person.team, draft=KeyDraft(**wanted))  # type: ignore[arg-type]
    return actor_by_token(made.token)[0]


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Own")


@pytest.mark.parametrize("service", [False, True])
def test_to_other_agents(alice: Person, agent: Agent, service: bool) -> None:
    """Also to those its owner makes later, and owns."""
    held = frozenset({Permission.AGENT_UPDATE, *ASK})
    actor = acting(alice, agents=frozenset({agent.pk}), permissions=held, is_service=service)
    later = create_agent(actor=alice.actor, name="Later")
    with pytest.raises(NotFoundError):
        found(actor, later.pk)
    with pytest.raises(NotFoundError):
        update_agent(actor=actor, agent=later, name="Mine")
    update_agent(actor=actor, agent=agent, name="Renamed")


@pytest.mark.parametrize("service", [False, True])
def test_to_other_permissions(alice: Person, agent: Agent, service: bool) -> None:
    """An owner's ownership, and an owner's role, do not come along."""
    actor = acting(alice, is_service=service)
    with pytest.raises(PermissionDeniedError):
        delete_agent(actor=actor, agent=agent)
    with pytest.raises(PermissionDeniedError):
        create_agent(actor=actor, name="One more")
    with pytest.raises(PermissionDeniedError):
        change_role(actor=actor, team=alice.team, user=alice.user, role=Role.MEMBER)
    assert list(agents(actor)) == [agent]
    assert list(conversations(actor)) == []


def test_to_what_its_owner_lost(alice: Person, bob: Person, agent: Agent) -> None:
    actor_key = create_key(actor=bob.actor, team=bob.team, draft=KeyDraft("Mine", frozenset(Permission)))
    assert actor_by_token(actor_key.token)[0].holds(Permission.AGENT_CREATE)
    change_role(actor=alice.actor, team=alice.team, user=bob.user, role=Role.CHAT_ONLY)
    actor = actor_by_token(actor_key.token)[0]
    assert not actor.holds(Permission.AGENT_CREATE)
    assert list(agents(actor)) == []


def test_to_another_team(alice: Person, mallory: Person, agent: Agent) -> None:
    add_member(actor=mallory.actor, team=mallory.team, user=alice.user, role=Role.OWNER)
    theirs = create_agent(actor=mallory.actor, name="Theirs")
    actor = acting(alice, permissions=frozenset(Permission))
    with pytest.raises(NotFoundError):
        found(actor, theirs.pk)
    with pytest.raises(NotFoundError):
        acting(mallory, agents=frozenset({agent.pk}))
    assert found(actor, agent.pk) == agent


def test_to_a_further_key(alice: Person) -> None:
    for service in (False, True):
        actor = acting(alice, permissions=frozenset(Permission), is_service=service)
        with pytest.raises(PermissionDeniedError):
            create_key(actor=actor, team=alice.team, draft=KeyDraft("Second", ASK))
    assert ApiKey.objects.count() == 2
    revoke_key(actor=alice.actor, key=ApiKey.objects.first())  # type: ignore[arg-type]


def test_to_the_account_behind_it(alice: Person, bob: Person) -> None:
    actor = acting(alice, permissions=frozenset(Permission))
    with pytest.raises(NotFoundError):
        rename_user(actor=actor, user=alice.user, name="Mallory")
    with pytest.raises(PermissionDeniedError):
        fetch_recovery_link(actor=actor, person=bob.user.ref)
    assert fetch_recovery_link(actor=alice.actor, person=bob.user.ref)


def test_to_making_owners(alice: Person, bob: Person) -> None:
    for service in (False, True):
        actor = acting(alice, permissions=frozenset(Permission), is_service=service)
        with pytest.raises(PermissionDeniedError):
            change_role(actor=actor, team=alice.team, user=bob.user, role=Role.OWNER)
        change_role(actor=actor, team=alice.team, user=bob.user, role=Role.MEMBER)


def test_of_the_team_with_what_its_maker_lacks(alice: Person, bob: Person, agent: Agent) -> None:
    change_role(actor=alice.actor, team=alice.team, user=bob.user, role=Role.ADMINISTRATOR)
    with pytest.raises(PermissionDeniedError):
        acting(bob, permissions=frozenset({Permission.CREDIT_UPDATE}), is_service=True)
    personal = create_agent(actor=alice.actor, name="Personal", personal=True)
    change_role(actor=alice.actor, team=alice.team, user=bob.user, role=Role.BUILDER)
    with pytest.raises(NotFoundError):
        acting(bob, agents=frozenset({personal.pk}))
    acting(bob, agents=frozenset({agent.pk}))


def test_in_the_moment_it_is_revoked(alice: Person, bob: Person) -> None:
    actor = acting(alice, permissions=frozenset(Permission), is_service=True)
    change_role(actor=actor, team=alice.team, user=bob.user, role=Role.MEMBER)
    revoke_key(actor=alice.actor, key=ApiKey.objects.get())
    with pytest.raises(Exception, match="revoked"):
        change_role(actor=actor, team=alice.team, user=bob.user, role=Role.BUILDER)
