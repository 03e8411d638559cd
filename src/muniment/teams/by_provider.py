"""What a team's identity provider does to its people by what it says when they sign in. Offered by `services`.

Attack stopped: who administers the provider takes owners down or locks the team's last way in. Owners, and those kept
for the day the provider fails, keep their role whatever groups it names.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from muniment.core.actors import system_in
from muniment.teams.membership import change_role, store_member
from muniment.teams.models import CustomRole, Membership, Team
from muniment.teams.provisioning import Provisioning, provisioning_of
from muniment.teams.types import Role

if TYPE_CHECKING:
    from muniment.accounts.models import User


def seat_by_provider(*, team: str, user: "User", role: Role | CustomRole) -> None:
    """Within the caller's transaction. Raises AlreadyMemberError, NotFoundError."""
    store_member(actor=system_in(team), team=Team.objects.get(pk=team), user=user, role=role)


def follow_groups(*, team: str, user: "User", groups: Iterable[str] | None) -> None:
    """Gives a member the role that the groups say. None: the provider says nothing of them. Where they come by SCIM,
    what is said at sign-in does not count.
    """
    if groups is None:
        return
    decided = provisioning_of(team)
    if decided.scim or not decided.rules:
        return
    members = Membership.objects.filter(team=team, user=user).exclude(role=Role.OWNER).exclude(break_glass=True)
    membership = members.select_related("custom_role", "team").first()
    role = _role(membership, decided, groups) if membership else None
    if membership is not None and role is not None and role != membership.held:
        change_role(actor=system_in(team), team=membership.team, user=user, role=role)


def _role(membership: Membership, decided: Provisioning, groups: Iterable[str]) -> Role | CustomRole | None:
    """Of the first rule that fits; who has a role that rules give and no rule gives any more, falls back. None: what an
    owner gave by hand stays.
    """
    given_by_rules = membership.held in [role for _, role in decided.rules]
    return decided.by_rule(groups) or (decided.role if given_by_rules else None)
