"""Grants to a member or a role, personal agents, and owning: what each lets somebody do with one agent."""

import pytest

from muniment.agents.errors import GrantRefusedError
from muniment.agents.models import Agent, AgentGrant
from muniment.agents.selectors import agent, agents, may, readers, users_of
from muniment.agents.services import change_sharing, create_agent, grant_agent, revoke_grant
from muniment.agents.types import Access
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.teams.services import add_member, change_role, create_role, delete_role
from muniment.teams.types import Role, RoleDraft
from tests.cast import Person, person


@pytest.fixture
def dora(alice: Person) -> Person:
    """A member: asks the team's agents, makes personal ones."""
    user = person("dora")
    add_member(actor=alice.actor, team=alice.team, user=user, role=Role.MEMBER)
    return Person(user, alice.team)


@pytest.fixture
def charter(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Charter")


def test_a_member_asks_and_a_grant_lets_her_build(alice: Person, dora: Person, charter: Agent) -> None:
    assert may(dora.actor, Permission.CONVERSATION_CREATE, charter)
    assert not may(dora.actor, Permission.DOCUMENT_CREATE, charter)
    grant_agent(actor=alice.actor, agent=charter, user=dora.user.pk, permissions=Access.BUILD.permissions)
    assert may(dora.actor, Permission.DOCUMENT_CREATE, charter)
    assert not may(dora.actor, Permission.AGENT_DELETE, charter)
    other, grant = create_agent(actor=alice.actor, name="Other"), AgentGrant.objects.get().pk
    with pytest.raises(NotFoundError):  # by way of another agent
        revoke_grant(actor=alice.actor, agent=other, grant=grant)
    revoke_grant(actor=alice.actor, agent=charter, grant=grant)
    assert not may(dora.actor, Permission.DOCUMENT_CREATE, charter)


def test_a_grant_to_a_role_reaches_all_who_have_it(alice: Person, carol: Person, charter: Agent) -> None:
    assert list(agents(carol.actor)) == []
    grant_agent(actor=alice.actor, agent=charter, role=Role.CHAT_ONLY)
    assert list(agents(carol.actor)) == [charter]
    change_role(actor=alice.actor, team=alice.team, user=carol.user, role=Role.MEMBER)
    change_sharing(actor=alice.actor, agent=charter, personal=True)
    assert list(agents(carol.actor)) == []


def test_a_grant_to_a_role_of_the_teams_own_ends_with_it(alice: Person, bob: Person, charter: Agent) -> None:
    role = create_role(actor=alice.actor, team=alice.team, draft=RoleDraft("Reader", "", frozenset()))
    grant_agent(actor=alice.actor, agent=charter, role=role)
    change_role(actor=alice.actor, team=alice.team, user=bob.user, role=role)
    assert list(agents(bob.actor)) == [charter]
    delete_role(actor=alice.actor, role=role, replacement=Role.CHAT_ONLY)
    assert list(agents(bob.actor)) == []


def test_a_role_may_do_things_with_granted_agents_alone(alice: Person, bob: Person, charter: Agent) -> None:
    draft = RoleDraft("Librarian", "", frozenset(), frozenset({Permission.DOCUMENT_CREATE}))
    role = create_role(actor=alice.actor, team=alice.team, draft=draft)
    change_role(actor=alice.actor, team=alice.team, user=bob.user, role=role)
    other = create_agent(actor=alice.actor, name="Other")
    grant_agent(actor=alice.actor, agent=charter, user=bob.user.pk)
    assert may(bob.actor, Permission.DOCUMENT_CREATE, charter)
    assert not may(bob.actor, Permission.DOCUMENT_CREATE, other)
    with pytest.raises(NotFoundError):
        agent(bob.actor, other.id)


def test_a_personal_agent_is_its_owners_and_the_administrators(alice: Person, bob: Person, dora: Person) -> None:
    own = create_agent(actor=dora.actor, name="Diary", personal=True)
    assert list(agents(dora.actor)) == list(agents(alice.actor)) == [own]
    assert list(agents(bob.actor)) == []
    assert may(dora.actor, Permission.AGENT_DELETE, own)
    assert not may(dora.actor, Permission.TEAM_CONVERSATION_VIEW, own)
    with pytest.raises(PermissionDeniedError):
        create_agent(actor=dora.actor, name="For all")
    with pytest.raises(PermissionDeniedError):
        change_sharing(actor=dora.actor, agent=own, personal=False)
    grant_agent(actor=dora.actor, agent=own, user=bob.user.pk)
    assert list(agents(bob.actor)) == [own]
    assert not may(bob.actor, Permission.DOCUMENT_VIEW, own)  # his role reads the team's agents; this one is hers


def test_owning_counts_while_the_role_may_own(alice: Person, dora: Person) -> None:
    own = create_agent(actor=dora.actor, name="Diary", personal=True)
    change_role(actor=alice.actor, team=alice.team, user=dora.user, role=Role.CHAT_ONLY)
    assert list(agents(dora.actor)) == []
    change_role(actor=alice.actor, team=alice.team, user=dora.user, role=Role.MEMBER)
    assert list(agents(dora.actor)) == [own]


def test_who_only_chats_is_given_no_more(alice: Person, bob: Person, carol: Person, charter: Agent) -> None:
    with pytest.raises(GrantRefusedError):
        grant_agent(actor=alice.actor, agent=charter, user=carol.user.pk, permissions=Access.READ.permissions)
    grant_agent(actor=alice.actor, agent=charter, user=bob.user.pk, permissions=Access.MANAGE.permissions)
    change_role(actor=alice.actor, team=alice.team, user=bob.user, role=Role.CHAT_ONLY)
    assert may(bob.actor, Permission.CONVERSATION_CREATE, charter)
    assert not may(bob.actor, Permission.DOCUMENT_VIEW, charter)


def test_who_may_use_it_is_listed_with_the_reason(alice: Person, bob: Person, carol: Person, charter: Agent) -> None:
    grant_agent(actor=alice.actor, agent=charter, user=carol.user.pk)
    found = [(one.membership.user, one.by.value) for one in users_of(alice.actor, charter)]
    assert found == [(alice.user, "owning"), (bob.user, "role"), (carol.user, "grant")]
    facts = readers(alice.actor, charter)
    assert (facts.members, facts.guests) == (2, 1)


def test_nobody_outside_the_team_is_granted_anything(alice: Person, mallory: Person, charter: Agent) -> None:
    with pytest.raises(NotFoundError):
        grant_agent(actor=alice.actor, agent=charter, user=mallory.user.pk)
