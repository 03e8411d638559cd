"""Attacker: Harriet, whose role lets her keep people and roles, and nothing else. Move: give herself, or a friend, what
she was not given: by a role, by changing a role, by an invitation, by a grant, by what a removed person leaves, by
taking an owner out of the way. Guarantee: G-120. Nobody gives, changes, suspends or removes what his own role does not
include."""

import pytest

from muniment.agents.selectors import agents
from muniment.agents.services import create_agent, grant_agent
from muniment.agents.types import Access
from muniment.core.errors import MunimentError, PermissionDeniedError
from muniment.core.permissions import PER_AGENT, Permission
from muniment.teams.models import CustomRole, Membership
from muniment.teams.services import (
    add_member,
    change_role,
    create_role,
    delete_role,
    invite,
    remove_member,
    suspend_member,
    update_role,
)
from muniment.teams.types import Role, RoleDraft
from tests.cast import Person, person

PEOPLE = frozenset(one for one in Permission if one.resource in {"member", "role"})
MEMBERS = PEOPLE | {Permission.CONVERSATION_CREATE, Permission.CREDIT_VIEW, Permission.PROVIDER_VIEW}


@pytest.fixture
def keeper(alice: Person) -> CustomRole:
    """What members may, and to keep people and roles."""
    held = MEMBERS | {Permission.PERSONAL_CREATE}
    return create_role(actor=alice.actor, team=alice.team, draft=RoleDraft("Keeper", "", held))


@pytest.fixture
def harriet(alice: Person, keeper: CustomRole) -> Person:
    user = person("harriet")
    add_member(actor=alice.actor, team=alice.team, user=user, role=keeper)
    return Person(user, alice.team)


@pytest.fixture
def friend(alice: Person) -> Person:
    user = person("friend")
    add_member(actor=alice.actor, team=alice.team, user=user, role=Role.MEMBER)
    return Person(user, alice.team)


ABOVE = [Role.OWNER, Role.ADMINISTRATOR, Role.BUILDER, Role.ANALYST]


@pytest.mark.parametrize("role", ABOVE)
def test_by_a_role(alice: Person, harriet: Person, friend: Person, role: Role) -> None:
    for whom in (harriet, friend):
        with pytest.raises(PermissionDeniedError):
            change_role(actor=harriet.actor, team=alice.team, user=whom.user, role=role)
    change_role(actor=harriet.actor, team=alice.team, user=friend.user, role=Role.CHAT_ONLY)  # and what she may do


@pytest.mark.parametrize("role", ABOVE)
def test_by_an_invitation_or_a_new_member(alice: Person, harriet: Person, role: Role) -> None:
    with pytest.raises(PermissionDeniedError):
        invite(actor=harriet.actor, team=alice.team, email="second@example.org", role=role)
    with pytest.raises(PermissionDeniedError):
        add_member(actor=harriet.actor, team=alice.team, user=person("second"), role=role)
    assert invite(actor=harriet.actor, team=alice.team, email="second@example.org", role=Role.MEMBER).link


def test_by_a_new_role_or_a_changed_one(alice: Person, harriet: Person, keeper: CustomRole) -> None:
    more = RoleDraft("More", "", MEMBERS | {Permission.AUDIT_VIEW})
    on_granted = RoleDraft("More", "", MEMBERS, frozenset({Permission.NAME_VIEW}))
    for draft in (more, on_granted):
        with pytest.raises(PermissionDeniedError):
            create_role(actor=harriet.actor, team=alice.team, draft=draft)
        with pytest.raises(PermissionDeniedError):
            update_role(actor=harriet.actor, role=keeper, draft=draft)
    assert create_role(actor=harriet.actor, team=alice.team, draft=RoleDraft("Less", "", MEMBERS))


def test_by_emptying_a_role_that_holds_more(alice: Person, harriet: Person) -> None:
    higher = create_role(actor=alice.actor, team=alice.team, draft=RoleDraft("Higher", "", PER_AGENT))
    with pytest.raises(PermissionDeniedError):
        update_role(actor=harriet.actor, role=higher, draft=RoleDraft("Higher", "", frozenset()))
    with pytest.raises(PermissionDeniedError):
        delete_role(actor=harriet.actor, role=higher)


def test_by_the_replacement_of_a_deleted_role(alice: Person, harriet: Person, keeper: CustomRole) -> None:
    with pytest.raises(PermissionDeniedError):
        delete_role(actor=harriet.actor, role=keeper, replacement=Role.ADMINISTRATOR)
    assert Membership.objects.get(user=harriet.user).custom_role == keeper


def test_by_taking_somebody_higher_out_of_the_way(alice: Person, bob: Person, harriet: Person) -> None:
    for whom in (alice, bob):
        for act in (suspend_member, remove_member):
            with pytest.raises(PermissionDeniedError):
                act(actor=harriet.actor, team=alice.team, user=whom.user)
        with pytest.raises(PermissionDeniedError):
            change_role(actor=harriet.actor, team=alice.team, user=whom.user, role=Role.CHAT_ONLY)


def test_by_inheriting_from_who_is_removed(alice: Person, harriet: Person, friend: Person) -> None:
    diary = create_agent(actor=friend.actor, name="Diary", personal=True)
    for heir in (harriet.user, None):
        with pytest.raises(PermissionDeniedError):
            remove_member(actor=harriet.actor, team=alice.team, user=friend.user, heir=heir)
    assert list(agents(friend.actor)) == [diary]
    assert list(agents(harriet.actor)) == []
    remove_member(actor=alice.actor, team=alice.team, user=friend.user, heir=harriet.user)
    assert list(agents(harriet.actor)) == [diary]


def test_by_a_grant(alice: Person, bob: Person, harriet: Person, friend: Person) -> None:
    charter = create_agent(actor=alice.actor, name="Charter")
    with pytest.raises(PermissionDeniedError):
        grant_agent(actor=harriet.actor, agent=charter, user=friend.user.pk, permissions=Access.READ.permissions)
    share = Access.ASK.permissions | {Permission.GRANT_VIEW, Permission.GRANT_UPDATE}
    grant_agent(actor=alice.actor, agent=charter, user=harriet.user.pk, permissions=share)
    for given in (Access.READ.permissions, {Permission.AUDIT_VIEW}):
        with pytest.raises(PermissionDeniedError):
            grant_agent(actor=harriet.actor, agent=charter, user=friend.user.pk, permissions=given)
    grant_agent(actor=harriet.actor, agent=charter, user=friend.user.pk)


def test_by_a_second_kind_of_owner(alice: Person) -> None:
    with pytest.raises(PermissionDeniedError):
        create_role(actor=alice.actor, team=alice.team, draft=RoleDraft("Also owner", "", frozenset(Permission)))


def test_by_fields_no_form_has(alice: Person, harriet: Person, keeper: CustomRole) -> None:
    """Mass assignment: whatever else is sent with a form is not looked at."""
    more = {"team:owner:update": "all", "team:audit:view": "all", "is_staff": "1", "role": "owner", "suspended_at": ""}
    harriet.client.post("/profile", {"name": "Harriet", **more})
    harriet.client.post("/members/invite", {"email": "x@example.org", "days": "7", **more})
    harriet.client.post(f"/roles/{keeper.pk}", {"name": "Keeper", **more})
    harriet.client.post(f"/members/{harriet.user.pk}/role", more)
    assert Permission.AUDIT_VIEW not in harriet.actor.permissions
    assert Membership.objects.get(user=harriet.user).role == Role.CUSTOM
    assert not Membership.objects.filter(user__email="x@example.org").exists()


def test_by_acting_with_what_was_held_a_moment_ago(alice: Person, harriet: Person, friend: Person) -> None:
    before = harriet.actor
    change_role(actor=alice.actor, team=alice.team, user=harriet.user, role=Role.MEMBER)
    with pytest.raises(MunimentError):
        change_role(actor=before, team=alice.team, user=friend.user, role=Role.CHAT_ONLY)
    assert Membership.objects.get(user=friend.user).role == Role.MEMBER
