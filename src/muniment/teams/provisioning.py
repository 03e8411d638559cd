"""How people come into a team by its provider, which role they get, and who inherits from those it deletes.

Offered by `services` (what changes it) and `selectors` (what reads it). The doors, `sso` and `scim`, ask here for the
role of somebody new, and of somebody whose groups changed.

Attack stopped: who administers the provider makes himself an owner, by a group, a rule, or the role of new people. No
rule gives that role, and none can be stored that does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from muniment.accounts.selectors import account_by_ref
from muniment.audit.services import record
from muniment.core.actors import Actor
from muniment.core.cleaning import one_line
from muniment.core.errors import PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.core.registries import group_rule_changes
from muniment.teams import events
from muniment.teams.errors import GroupRuleError
from muniment.teams.membership import acting_in, check_heir
from muniment.teams.models import CustomRole, GroupRule, Membership, ProvisioningPolicy, Team, role_fields
from muniment.teams.policies import require_in_team, require_role_of
from muniment.teams.selectors import team_of
from muniment.teams.types import Role

MOST_RULES = 200


@dataclass(frozen=True, slots=True)
class Provisioning:
    """`role`: what new people get where no rule fits; `heir`: the id of the account of who inherits; None: nobody."""

    role: Role | CustomRole = Role.MEMBER
    joins_on_sign_in: bool = False
    scim: bool = False
    heir: int | None = None
    rules: tuple[tuple[str, Role | CustomRole], ...] = ()

    def by_rule(self, groups: Iterable[str]) -> Role | CustomRole | None:
        """The role of the first rule that names one of these groups; None where none does."""
        held = set(groups)
        return next((role for group, role in self.rules if group in held), None)


def provisioning(actor: Actor) -> Provisioning:
    """Of the actor's team. Raises PermissionDeniedError."""
    team = team_of(actor)
    require_in_team(actor, team, Permission.CONNECTION_VIEW)
    return provisioning_of(team.pk)


def provisioning_of(team: str) -> Provisioning:
    """For the doors by which a provider comes, which know the team by its connection or token."""
    return replace(_policy(team), rules=tuple((rule.group, rule.held) for rule in _rules(team)))


def ruleless(team: Team) -> Provisioning:
    """The same without the rules, which count where somebody has groups; of a team read with its `provisioning`."""
    return _decided(getattr(team, "provisioning", None))


def role_of_groups(team: str, groups: Iterable[str]) -> Role | CustomRole:
    """The role of the first rule by position that names one of these groups; the policy's where none does."""
    named = set(groups)  # new people mostly come with none: then no rule is asked for
    decided = provisioning_of(team) if named else _policy(team)
    return decided.by_rule(named) or decided.role


def set_provisioning(
    *, actor: Actor, role: Role | CustomRole, joins_on_sign_in: bool, scim: bool, heir: str | None
) -> None:
    """`heir`: the audit reference of a member. Raises HeirError, PermissionDeniedError, NotFoundError."""
    with acting_in(actor, team_of(actor), Permission.CONNECTION_UPDATE) as acting:
        team = team_of(acting)
        _require_given(team, role)
        found = account_by_ref(heir) if heir else None
        if found is not None:
            check_heir(team, None, found)
        fields = {"joins_on_sign_in": joins_on_sign_in, "scim": scim, "heir": found, **role_fields(role)}
        ProvisioningPolicy.objects.update_or_create(team=team, defaults=fields)
        facts = {
            "role": role_fields(role)["role"],
            "joins_on_sign_in": joins_on_sign_in,
            "scim": scim,
            "heir": found is not None,
        }
        subject = found.ref if found else team.pk
        record(kind=events.PROVISIONING_SET, actor=acting, subject=subject, team=team.pk, facts=facts)


def set_group_rules(*, actor: Actor, rules: Sequence[tuple[str, Role | CustomRole]]) -> int:
    """In place of those that were, the first counts first. A group is named as the provider names it, or by its id
    there. They hold at once for whose groups are known (`core.registries.group_rule_changes`), for others at the next
    sign-in. Returns how many roles changed. Raises GroupRuleError, PermissionDeniedError.
    """
    named = [(one_line(group), role) for group, role in rules]
    groups = [group for group, _ in named]
    if len(set(groups)) < len(groups) or not all(0 < len(group) <= 255 for group in groups):
        raise GroupRuleError("Each rule names another group, in 1 to 255 characters. Correct the names.")
    if len(named) > MOST_RULES:
        raise GroupRuleError("There can be {limit} rules. Take some out.", limit=MOST_RULES)
    with acting_in(actor, team_of(actor), Permission.CONNECTION_UPDATE) as acting:
        team = team_of(acting)
        for _, role in named:
            _require_given(team, role)
        before = provisioning_of(team.pk).rules
        GroupRule.objects.filter(team=team).delete()
        GroupRule.objects.bulk_create(
            GroupRule(team=team, group=group, position=position, **role_fields(role))
            for position, (group, role) in enumerate(named)
        )
        facts = {"rules": len(named)}
        record(kind=events.GROUP_RULES_SET, actor=acting, subject=team.pk, team=team.pk, facts=facts)
        if before == tuple(named):  # the page sends them with everything else
            return 0
        return sum(follow(acting) for follow in group_rule_changes.entries())


def rules_without(role: CustomRole, replacement: Role | CustomRole | None) -> None:
    """Within the deletion of a role: what gave it gives the replacement; without one, or with an owner's, nothing."""
    given = None if replacement is Role.OWNER else replacement
    rules = GroupRule.objects.filter(custom_role=role)
    rules.update(**role_fields(given)) if given else rules.delete()
    ProvisioningPolicy.objects.filter(custom_role=role).update(**role_fields(given or Role.MEMBER))


def is_only_in(team: str, user: int) -> bool:
    """Whether the person is in this team and in no other: then what its provider says of the account counts."""
    return set(Membership.objects.filter(user_id=user).values_list("team_id", flat=True)) == {team}


def _policy(team: str) -> Provisioning:
    return _decided(ProvisioningPolicy.objects.filter(team=team).first())


def _decided(row: ProvisioningPolicy | None) -> Provisioning:
    row = row or ProvisioningPolicy()
    return Provisioning(row.held, row.joins_on_sign_in, row.scim, row.heir_id)


def _rules(team: str) -> Iterable[GroupRule]:
    return GroupRule.objects.filter(team=team).select_related("custom_role").order_by("position", "pk")


def _require_given(team: Team, role: Role | CustomRole) -> None:
    require_role_of(team, role)
    if role is Role.OWNER:
        raise PermissionDeniedError("A provider makes nobody an owner. Choose another role.")
