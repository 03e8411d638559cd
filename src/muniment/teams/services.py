"""What changes teams: made, joined, left. The claim of an installation is in `teams.setup`, offered here too."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from muniment.audit.services import record
from muniment.core.actors import Actor
from muniment.core.permissions import Permission
from muniment.teams import events
from muniment.teams.errors import AlreadyMemberError, LastOwnerError, NotAMemberError
from muniment.teams.founding import store_empty_team, store_team, team_key
from muniment.teams.models import Membership, Team
from muniment.teams.policies import require_create, require_in_team, require_operator
from muniment.teams.recovery import fetch_recovery_link, operator_recovery_link, recoverable
from muniment.teams.setup import claim, confirm_recovery_kit, groups_to_ask, issue_setup_link, recovery_kit
from muniment.teams.sign_in_policy import set_sign_in_policy, sign_in_policy
from muniment.teams.types import Role

if TYPE_CHECKING:
    from muniment.accounts.models import User

__all__ = [
    "add_member",
    "claim",
    "confirm_recovery_kit",
    "create_team",
    "fetch_recovery_link",
    "first_team",
    "groups_to_ask",
    "issue_setup_link",
    "operator_recovery_link",
    "recoverable",
    "recovery_kit",
    "remove_member",
    "set_sign_in_policy",
    "sign_in_policy",
    "team_key",
]


def create_team(*, actor: Actor, name: str, owner: "User") -> Team:
    """Makes a team with its key and its first owner. For setup and the operator."""
    require_create(actor)
    with transaction.atomic():
        team = store_team(name=name, owner=owner)
        record(kind=events.TEAM_CREATED, actor=actor, subject=team.pk, team=team.pk)
    return team


def first_team(*, actor: Actor) -> Team:
    """For the operator's commands: the oldest team, made with nobody in it when there is none yet."""
    require_operator(actor)
    with transaction.atomic():
        team = Team.objects.order_by("created_at").first()
        if team is None:
            team = store_empty_team(name="Muniment")
            record(kind=events.TEAM_CREATED, actor=actor, subject=team.pk, team=team.pk)
    return team


def add_member(*, actor: Actor, team: Team, user: "User", role: Role) -> Membership:
    """Raises AlreadyMemberError, PermissionDeniedError, NotFoundError."""
    require_in_team(actor, team, Permission.MEMBER_CREATE)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(team=team, user=user, role=role)
            record(kind=events.MEMBER_ADDED, actor=actor, subject=user.ref, team=team.pk, facts={"role": role})
    except IntegrityError:
        raise AlreadyMemberError("This person is in the team already.") from None
    return membership


def remove_member(*, actor: Actor, team: Team, user: "User") -> None:
    """Holds from the person's next request on. Raises LastOwnerError, NotAMemberError, PermissionDeniedError."""
    require_in_team(actor, team, Permission.MEMBER_DELETE)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)  # of two owners removing each other, one comes second
        membership = Membership.objects.filter(team=team, user=user).first()
        if membership is None:
            raise NotAMemberError("This person is not in the team.")
        owners = Membership.objects.filter(team=team, role=Role.OWNER)
        if membership.role == Role.OWNER and not owners.exclude(pk=membership.pk).exists():
            raise LastOwnerError("This is the last owner of the team. Make somebody else an owner first.")
        role = Role(membership.role)
        membership.delete()
        record(kind=events.MEMBER_REMOVED, actor=actor, subject=user.ref, team=team.pk, facts={"role": role})
