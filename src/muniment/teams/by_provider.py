"""What a team's identity provider does to its people by what it says when they sign in. Offered by `services`.

Attack stopped: who administers the provider takes owners down or locks the team's last way in. Owners, and those kept
for the day the provider fails, keep their role whatever groups it names.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from muniment.audit.services import record
from muniment.core.actors import system_in
from muniment.teams import events
from muniment.teams.membership import seat
from muniment.teams.models import CustomRole, Membership, Team, role_fields
from muniment.teams.provisioning import provisioning_of
from muniment.teams.types import Role

if TYPE_CHECKING:
    from muniment.accounts.models import User


def seat_by_provider(*, team: str, user: "User", role: Role | CustomRole) -> None:
    """Within the caller's transaction. Raises AlreadyMemberError, NotFoundError."""
    seat(team=Team.objects.get(pk=team), user=user, role=role)
    facts = {"role": role_fields(role)["role"]}
    record(kind=events.MEMBER_ADDED, actor=system_in(team), subject=user.ref, team=team, facts=facts)


def follow_groups(*, team: str, user: "User", groups: Iterable[str] | None) -> None:
    """Gives a member the role that the groups say. None: the provider says nothing of them. Where they come by SCIM,
    what is said at sign-in does not count.
    """
    decided = provisioning_of(team)
    if groups is None or decided.scim or not decided.rules:
        return
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team)
        members = Membership.objects.filter(team=team, user=user).exclude(role=Role.OWNER).exclude(break_glass=True)
        membership = members.select_related("custom_role").first()
        role = _role(membership, decided.rules, set(groups), decided.role) if membership else None
        if membership is None or role is None or role == membership.held:
            return
        facts = {"was": Role(membership.role), "role": role_fields(role)["role"]}
        for name, value in role_fields(role).items():
            setattr(membership, name, value)
        membership.save(update_fields=["role", "custom_role"])
        record(kind=events.MEMBER_CHANGED, actor=system_in(team), subject=user.ref, team=team, facts=facts)


def _role(
    membership: Membership,
    rules: Iterable[tuple[str, Role | CustomRole]],
    groups: set[str],
    otherwise: Role | CustomRole,
) -> Role | CustomRole | None:
    """Of the first rule that fits; who has a role that rules give and no rule gives any more, falls back. None: what an
    owner gave by hand stays.
    """
    by_rule = next((role for group, role in rules if group in groups), None)
    given_by_rules = membership.held in [role for _, role in rules]
    return by_rule if by_rule is not None else otherwise if given_by_rules else None
