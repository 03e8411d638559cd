"""Roles change, members are suspended and resumed; each act leaves one event and holds from the next request on."""

import pytest

from muniment.audit.models import Outbox
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.teams.errors import LastOwnerError, NotAMemberError
from muniment.teams.selectors import actor_for, teams_of
from muniment.teams.services import change_role, remove_member, resume_member, suspend_member
from muniment.teams.types import PERMISSIONS, Role
from tests.cast import Person


def events() -> int:
    return Outbox.objects.count()


def test_a_new_role_holds_at_once(alice: Person, bob: Person) -> None:
    before = events()
    change_role(actor=alice.actor, team=alice.team, user=bob.user, role=Role.ANALYST)
    assert bob.actor.permissions == PERMISSIONS[Role.ANALYST]
    assert events() == before + 1


def test_a_suspended_member_acts_nowhere_in_the_team_and_is_signed_out(alice: Person, bob: Person) -> None:
    assert bob.client.get("/agents").status_code == 200
    before = events()
    suspend_member(actor=alice.actor, team=alice.team, user=bob.user)
    assert events() == before + 1
    with pytest.raises(NotFoundError):
        actor_for(bob.user, alice.team)
    assert list(teams_of(actor_for(bob.user, None))) == []
    assert bob.client.get("/agents").headers["Location"].startswith("/sign-in?")
    resume_member(actor=alice.actor, team=alice.team, user=bob.user)
    assert bob.actor.holds(Permission.AGENT_CREATE)
    assert events() == before + 2


def test_the_last_owner_is_neither_demoted_nor_suspended(alice: Person, bob: Person) -> None:
    for act in (
        lambda: change_role(actor=alice.actor, team=alice.team, user=alice.user, role=Role.ADMINISTRATOR),
        lambda: suspend_member(actor=alice.actor, team=alice.team, user=alice.user),
        lambda: remove_member(actor=alice.actor, team=alice.team, user=alice.user),
    ):
        with pytest.raises(LastOwnerError):
            act()
    change_role(actor=alice.actor, team=alice.team, user=bob.user, role=Role.OWNER)
    suspend_member(actor=alice.actor, team=alice.team, user=bob.user)
    with pytest.raises(LastOwnerError):  # a suspended owner is none
        change_role(actor=alice.actor, team=alice.team, user=alice.user, role=Role.MEMBER)


def test_who_is_not_in_the_team_cannot_be_changed(alice: Person, mallory: Person) -> None:
    with pytest.raises(NotAMemberError):
        change_role(actor=alice.actor, team=alice.team, user=mallory.user, role=Role.MEMBER)
