"""What a team demands of how its people sign in: the rule that `accounts` asks at every door. Offered by `services`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from muniment.accounts.services import passkeys_work
from muniment.audit.services import record
from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.core.permissions import Permission
from muniment.core.registries import SignInDemand
from muniment.teams import events
from muniment.teams.errors import SignInPolicyError
from muniment.teams.models import Membership, SignInPolicy
from muniment.teams.policies import require_in_team
from muniment.teams.selectors import actor_by_ids, team_of

LONGEST_GRACE = 90  # days


@dataclass(frozen=True, slots=True)
class Demanded:
    second_factor: bool = False
    passkey: bool = False
    grace_days: int = 7


def sign_in_policy(actor: Actor) -> Demanded:
    """Of the actor's team. Raises PermissionDeniedError."""
    team = team_of(actor)
    require_in_team(actor, team, Permission.POLICY_VIEW)
    row = SignInPolicy.objects.filter(team=team).first()
    return Demanded(row.second_factor, row.passkey, row.grace_days) if row else Demanded()


def set_sign_in_policy(*, actor: Actor, second_factor: bool, passkey: bool, grace_days: int) -> None:
    """Grace begins anew when more is demanded, so that nobody is out at once who was in by the old rule.

    Raises SignInPolicyError where nobody could have a passkey, PermissionDeniedError.
    """
    team = team_of(actor)
    require_in_team(actor, team, Permission.POLICY_UPDATE)
    if passkey and not passkeys_work():
        raise SignInPolicyError("Passkeys need a name that is reached over https. The operator sets MUNIMENT_BASE_URL.")
    days = max(0, min(grace_days, LONGEST_GRACE))
    with transaction.atomic():
        row, _ = SignInPolicy.objects.select_for_update().get_or_create(team=team)
        if (second_factor and not row.second_factor) or (passkey and not row.passkey):
            row.since = now()
        row.second_factor, row.passkey, row.grace_days = second_factor, passkey, days
        row.save()
        facts = {"second_factor": second_factor, "passkey": passkey, "grace_days": days}
        record(kind=events.SIGN_IN_POLICY_SET, actor=actor, subject=team.pk, team=team.pk, facts=facts)


def demands(user: int) -> Iterator[SignInDemand]:
    """What each of the person's teams demands (`core.registries.SignInRule`). One query where none demands anything.

    The account is one for all teams, so the strictest rule counts in each of them.
    """
    memberships = Membership.objects.filter(user_id=user, team__sign_in_policy__isnull=False)
    for membership in memberships.select_related("team__sign_in_policy"):
        policy = membership.team.sign_in_policy
        by = max(policy.since, membership.created_at) + timedelta(days=policy.grace_days)
        administers = policy.passkey and _administers(user, membership.team_id)
        yield SignInDemand(
            factor_by=by if policy.second_factor else None,
            passkey_by=by if administers else None,
            keeps_passkey=policy.sso_only and membership.break_glass,
        )


def _administers(user: int, team: str) -> bool:
    return actor_by_ids(user=user, team=team).holds(Permission.MEMBER_CREATE)
