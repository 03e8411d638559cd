"""How people come into a team, what they may do there, and how they leave.

Every act here holds the team's row until it commits, then asks anew what the actor may in that moment: of two owners
who end each other at once, and of a demotion and an act of the demoted, one comes second and is refused.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from muniment.accounts.services import sign_out_everywhere, sign_out_of_team
from muniment.audit.services import record
from muniment.core.actors import Actor, ActorKind
from muniment.core.clock import now
from muniment.core.permissions import Permission
from muniment.core.registries import Departure, member_departures, member_suspensions
from muniment.teams import events
from muniment.teams.errors import AlreadyMemberError, HeirError, KeyRefusedError, NotAMemberError
from muniment.teams.models import ApiKey, CustomRole, Invitation, Membership, Team, rights_of, role_fields
from muniment.teams.policies import (
    require,
    require_covers,
    require_in_team,
    require_kept_left,
    require_owner_left,
    require_role_of,
)
from muniment.teams.selectors import actor_by_ids
from muniment.teams.types import MAY_OWN, Role, Stake

if TYPE_CHECKING:
    from muniment.accounts.models import User


def add_member(*, actor: Actor, team: Team, user: "User", role: Role | CustomRole) -> Membership:
    """Raises AlreadyMemberError, PermissionDeniedError, NotFoundError."""
    with acting_in(actor, team, Permission.MEMBER_CREATE) as acting:
        return enrol(actor=acting, team=team, user=user, role=role)


def enrol(*, actor: Actor, team: Team, user: "User", role: Role | CustomRole) -> Membership:
    """`add_member` for services that hold the team already, by `acting_in` or `acting_where`."""
    require_in_team(actor, team, Permission.MEMBER_CREATE)
    require_covers(actor, rights_of(role))
    return store_member(actor=actor, team=team, user=user, role=role)


def store_member(*, actor: Actor, team: Team, user: "User", role: Role | CustomRole) -> Membership:
    """For services that have asked for the permission, within their transaction."""
    membership = seat(team=team, user=user, role=role)
    facts = {"role": role_fields(role)["role"]}
    record(kind=events.MEMBER_ADDED, actor=actor, subject=user.ref, team=team.pk, facts=facts)
    return membership


def seat(*, team: Team, user: "User", role: Role | CustomRole) -> Membership:
    """For services whose own event covers it. After AlreadyMemberError the caller's transaction can only be undone."""
    require_role_of(team, role)
    try:
        return Membership.objects.create(team=team, user=user, **role_fields(role))
    except IntegrityError:
        raise AlreadyMemberError("This person is in the team already.") from None


def change_role(*, actor: Actor, team: Team, user: "User", role: Role | CustomRole) -> Membership:
    """Holds from the person's next request on. Raises LastOwnerError, NotAMemberError, PermissionDeniedError."""
    with acting_in(actor, team, Permission.MEMBER_UPDATE) as acting:
        membership = _membership(team, user)
        require_covers(acting, membership.rights)
        require_covers(acting, rights_of(role))
        require_role_of(team, role)
        if role != Role.OWNER:
            require_owner_left(team, membership)
            require_kept_left(team, membership)
            membership.break_glass = False
        facts = {"was": Role(membership.role), "role": role_fields(role)["role"]}
        for field, value in role_fields(role).items():
            setattr(membership, field, value)
        membership.save(update_fields=["role", "custom_role", "break_glass"])
        record(kind=events.MEMBER_CHANGED, actor=acting, subject=user.ref, team=team.pk, facts=facts)
    return membership


def suspend_member(*, actor: Actor, team: Team, user: "User") -> None:
    """The person acts in this team no more, from now on, until resumed; what is theirs stays. Ends their sessions as
    far as they are this team's (`_sign_out`), so a browser left open shows nothing either.
    """
    with acting_in(actor, team, Permission.MEMBER_UPDATE) as acting:
        membership = _membership(team, user)
        require_covers(acting, membership.rights)
        require_owner_left(team, membership)
        require_kept_left(team, membership)
        if membership.suspended_at is not None:
            return
        membership.suspended_at = now()
        membership.save(update_fields=["suspended_at"])
        facts = {"sessions": _sign_out(team, user)}
        for suspend in member_suspensions.entries():
            suspend(team.pk, user.pk)
        record(kind=events.MEMBER_SUSPENDED, actor=acting, subject=user.ref, team=team.pk, facts=facts)


def resume_member(*, actor: Actor, team: Team, user: "User") -> None:
    """From the next sign-in on: sessions that lived on for other teams meanwhile do not open this one again."""
    with acting_in(actor, team, Permission.MEMBER_UPDATE) as acting:
        membership = _membership(team, user)
        require_covers(acting, membership.rights)
        if membership.suspended_at is None:
            return
        membership.suspended_at, membership.resumed_at = None, now()
        membership.save(update_fields=["suspended_at", "resumed_at"])
        record(kind=events.MEMBER_RESUMED, actor=acting, subject=user.ref, team=team.pk)


def departure(*, actor: Actor, team: Team, user: "User") -> Mapping[str, int]:
    """What is at stake when this person is removed, counted by `teams.types.Stake`. Changes nothing."""
    require_in_team(actor, team, Permission.MEMBER_DELETE)
    require_covers(actor, _membership(team, user).rights)
    leaving = Departure(actor, team.pk, user.pk, user.ref)
    counted: dict[str, int] = {Stake.KEYS: ApiKey.objects.filter(team=team, user=user).count()}
    for room in member_departures:
        counted |= member_departures.get(room).preview(leaving)
    return counted


def remove_member(*, actor: Actor, team: Team, user: "User", heir: "User | None" = None) -> None:
    """Holds from the person's next request on. What was theirs in this team goes to `heir`, or is deleted with them;
    sessions end as when they are suspended.

    Raises LastOwnerError, NotAMemberError, HeirError, PermissionDeniedError, with nothing done.
    """
    with acting_in(actor, team, Permission.MEMBER_DELETE) as acting:
        membership = _membership(team, user)
        require_covers(acting, membership.rights)
        require_owner_left(team, membership)
        require_kept_left(team, membership)
        if heir is not None:
            check_heir(team, user, heir)
        role = Role(membership.role)
        leaving = Departure(acting, team.pk, user.pk, user.ref, heir.pk if heir else None)
        membership.delete()
        Invitation.objects.filter(team=team, invited_by=user).delete()
        ApiKey.objects.filter(team=team, user=user).delete()
        facts = {"role": role, "transferred": heir is not None, "sessions": _sign_out(team, user)}
        record(kind=events.MEMBER_REMOVED, actor=acting, subject=user.ref, team=team.pk, facts=facts)
        for name in member_departures:
            room = member_departures.get(name)
            room.delete(leaving) if heir is None else room.transfer(leaving)


@contextmanager
def acting_in(actor: Actor, team: Team, permission: Permission) -> Iterator[Actor]:
    """One transaction that holds the team; the actor, with no more than the membership allows in it now."""
    require_in_team(actor, team, permission)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        acting = _as_of_now(actor, team)
        require_in_team(acting, team, permission)
        yield acting


@contextmanager
def acting_where(actor: Actor, permission: Permission, standing: Callable[[], Team]) -> Iterator[Team]:
    """`acting_in` for who came by a provisioning token. `standing` finds in the same transaction, which is the only one
    that writes, the team that the token opens now; what it raises ends it.
    """
    require(actor, permission)
    with transaction.atomic():
        team = standing()
        require_in_team(actor, team, permission)
        yield team


def _as_of_now(actor: Actor, team: Team) -> Actor:
    by_key = actor.kind is ActorKind.SERVICE and actor.key is not None
    if by_key and not ApiKey.objects.filter(pk=actor.key, expires_at__gt=now()).exists():
        raise KeyRefusedError("This API key was revoked.")
    if actor.kind is not ActorKind.PERSON:
        return actor
    current = actor_by_ids(user=actor.user or 0, team=team.pk)
    return replace(
        actor,
        permissions=actor.permissions & current.permissions,
        granted={agent: held & current.granted.get(agent, frozenset()) for agent, held in actor.granted.items()},
        on_granted=actor.on_granted & current.on_granted,
    )


def _sign_out(team: Team, user: "User") -> int:
    """What this team's provider opened, and everything else where the person acts in no other team. Returns how many.

    Attack stopped: a team that somebody is in beside another one suspends him again and again, and so keeps him out of
    the other. A session of his own lives on for the other teams; that it opens this one no more, also when he is
    resumed, is asked in every request (`selectors.session_actor`).
    """
    elsewhere = Membership.objects.filter(user=user, suspended_at=None).exclude(team=team)
    return sign_out_of_team(team=team.pk, user=user) if elsewhere.exists() else sign_out_everywhere(user)


def _membership(team: Team, user: "User") -> Membership:
    found = Membership.objects.filter(team=team, user=user).select_related("custom_role").first()
    if found is None:
        raise NotAMemberError("This person is not in the team.")
    return found


def check_heir(team: Team, leaving: "User | None", heir: "User") -> None:
    """Raises HeirError for who cannot be given what somebody, or this person, leaves."""
    found = Membership.objects.filter(team=team, user=heir, suspended_at=None)
    membership = found.exclude(user=leaving).select_related("custom_role").first()
    if membership is None or not membership.rights.everywhere & MAY_OWN:
        raise HeirError("Choose somebody in the team who is not suspended and may have agents.")
