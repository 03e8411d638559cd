import pytest

from muniment.agents.services import create_agent, grant_agent
from muniment.core.actors import ActorKind
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.teams.selectors import actor_by_ids, actor_for, members_of, operator_actor, team_of, teams_of
from muniment.teams.services import change_role, create_role
from muniment.teams.types import PERMISSIONS, Role, RoleDraft
from tests.cast import Person


def test_an_owner_holds_everything_in_the_own_team(alice: Person) -> None:
    assert alice.actor.kind is ActorKind.PERSON
    assert alice.actor.permissions == frozenset(Permission)
    assert (alice.actor.team, alice.actor.user, alice.actor.ref) == (alice.team.id, alice.user.pk, alice.user.ref)


def test_a_builder_works_with_all_agents_but_does_not_administer(bob: Person) -> None:
    assert bob.actor.permissions == PERMISSIONS[Role.BUILDER]
    assert not bob.actor.holds(Permission.MEMBER_CREATE)


def test_who_only_chats_holds_nothing_but_for_agents_granted_by_name(alice: Person, carol: Person) -> None:
    assert carol.actor.permissions == frozenset()
    assert carol.actor.granted == {}
    agent = create_agent(actor=alice.actor, name="Charter")
    grant_agent(actor=alice.actor, agent=agent, user=carol.user.pk)
    assert carol.actor.granted == {agent.pk: {Permission.AGENT_VIEW, Permission.CONVERSATION_CREATE}}


def test_a_permission_this_version_does_not_know_is_denied(alice: Person, bob: Person) -> None:
    draft = RoleDraft("Auditor", "", frozenset({Permission.AUDIT_VIEW}))
    role = create_role(actor=alice.actor, team=alice.team, draft=draft)
    role.everywhere = [*role.everywhere, "team:everything:do"]
    role.save()
    change_role(actor=alice.actor, team=alice.team, user=bob.user, role=role)
    assert bob.actor.permissions == {Permission.AUDIT_VIEW}


def test_nobody_acts_in_another_persons_team(alice: Person, mallory: Person) -> None:
    assert actor_for(mallory.user, mallory.team.id).team == mallory.team.id
    for ask in (
        lambda: actor_for(mallory.user, alice.team),
        lambda: actor_by_ids(user=mallory.user.pk, team=alice.team.id),
    ):
        with pytest.raises(NotFoundError):
            ask()


def test_a_suspended_person_acts_nowhere(bob: Person) -> None:
    assert actor_by_ids(user=bob.user.pk, team=bob.team.id)
    bob.user.is_active = False
    bob.user.save()
    with pytest.raises(NotFoundError):
        actor_by_ids(user=bob.user.pk, team=bob.team.id)


def test_a_person_without_a_team_may_do_nothing(alice: Person) -> None:
    alone = actor_for(alice.user, None)
    assert alone.permissions == frozenset()
    with pytest.raises(NotFoundError):
        team_of(alone)


def test_everybody_sees_the_own_teams_and_the_operator_all(alice: Person, mallory: Person) -> None:
    assert list(teams_of(alice.actor)) == [alice.team]
    assert list(teams_of(operator_actor(None))) == [mallory.team, alice.team]
    assert team_of(operator_actor(alice.team.id)) == alice.team


def test_the_operator_cannot_act_in_a_team_that_is_not_there(alice: Person) -> None:
    assert operator_actor(alice.team.id).kind is ActorKind.OPERATOR
    with pytest.raises(NotFoundError):
        operator_actor("nothing")


def test_members_are_those_of_the_own_team(alice: Person, bob: Person, mallory: Person) -> None:
    assert [one.user.email for one in members_of(alice.actor)] == ["alice@example.org", "bob@example.org"]
    assert [one.user for one in members_of(mallory.actor)] == [mallory.user]
