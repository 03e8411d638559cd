"""The roles that people have by the provider's groups, where the team has rules for it (`teams.provisioning`)."""

from collections import defaultdict
from collections.abc import Sequence

from muniment.core.actors import Actor
from muniment.scim.models import GroupMember, Provisioned
from muniment.scim.policies import is_left_alone
from muniment.scim.rows import AT_ONCE, rows_of
from muniment.teams.selectors import team_of
from muniment.teams.services import change_role, provisioning_of


def roles_follow(actor: Actor, people: Sequence[Provisioned]) -> int:
    """Gives each the role of the first rule that names a group of theirs; returns how many roles changed.

    Where the team has no rules the provider decides no roles, and what was given on the team's pages stays.
    """
    team = team_of(actor)
    decided, changed = provisioning_of(team.pk), 0
    if not decided.rules:
        return 0
    held = _groups_of(people)
    for one in people:
        membership = one.membership
        role = decided.by_rule(held[one.pk]) or decided.role
        if is_left_alone(membership) or membership.held == role:
            continue
        change_role(actor=actor, team=team, user=membership.user, role=role)
        changed += 1
    return changed


def follow_new_rules(actor: Actor) -> int:
    """As `core.registries.group_rule_changes`: everybody in the provider's care, where it says who is in a group."""
    team = team_of(actor).pk
    return roles_follow(actor, list(rows_of(team, Provisioned))) if provisioning_of(team).scim else 0


def _groups_of(people: Sequence[Provisioned]) -> dict[str, set[str]]:
    """By person, the names of the groups and the provider's ids of them: a rule may say either."""
    found: dict[str, set[str]] = defaultdict(set)
    identifiers = [one.pk for one in people]
    for begin in range(0, len(identifiers), AT_ONCE):
        entries = GroupMember.objects.filter(person__in=identifiers[begin : begin + AT_ONCE])
        for person, name, external in entries.values_list("person_id", "group__display_name", "group__external_id"):
            found[person] |= {name, external} - {""}
    return found
