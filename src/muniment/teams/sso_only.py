"""Whether a team is opened by its identity provider only, and who is kept for the day it fails. Offered by `services`.

It closes the doors into this team, nothing else: the account stays what it is in others.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count

from muniment.accounts.selectors import has_passkey, passkey_used_since
from muniment.accounts.services import sign_out_all_but
from muniment.audit.services import record
from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.core.permissions import Permission
from muniment.teams import events
from muniment.teams.errors import NotAMemberError, SsoOnlyError
from muniment.teams.membership import acting_in
from muniment.teams.models import Membership, SignInPolicy, Team
from muniment.teams.selectors import kept_in, opens_by_provider_only, team_of
from muniment.teams.types import Role

if TYPE_CHECKING:
    from muniment.accounts.models import User

MOST_KEPT = 2
TRIED_WITHIN = timedelta(days=1)


def set_sso_only(*, actor: Actor, on: bool, by_provider: bool) -> None:
    """On: by an owner whom the provider let in a moment ago (`by_provider`, which the room that knows says), with an
    owner kept for the day it fails whose passkey was tried. Raises SsoOnlyError, PermissionDeniedError.

    Attack stopped: one owner's mistake, or a session left open, locks everybody out: a provider that lets nobody in, or
    a passkey that does not work.
    """
    team = team_of(actor)
    with acting_in(actor, team, Permission.CONNECTION_UPDATE) as acting:
        if on:
            _require_ready(team, by_provider=by_provider)
        row, _ = SignInPolicy.objects.select_for_update().get_or_create(team=team)
        row.sso_only = on
        row.save(update_fields=["sso_only"])
        facts = {"on": on, "sessions": _end_sessions(team) if on else 0}
        record(kind=events.SSO_ONLY_SET, actor=acting, subject=team.pk, team=team.pk, facts=facts)


def set_break_glass(*, actor: Actor, user: "User", on: bool) -> None:
    """Keeps an owner, or no more, for the day the provider fails: he comes in by his passkey. Raises SsoOnlyError."""
    team = team_of(actor)
    with acting_in(actor, team, Permission.CONNECTION_UPDATE) as acting:
        membership = Membership.objects.filter(team=team, user=user).first()
        if membership is None:
            raise NotAMemberError("This person is not in the team.")
        if on:
            _require_keepable(team, membership)
        elif opens_by_provider_only(team.pk) and not kept_in(team.pk).exclude(pk=membership.pk).exists():
            raise SsoOnlyError(
                "Somebody has to be kept while the provider alone opens the team. Keep another owner first."
            )
        membership.break_glass = on
        membership.save(update_fields=["break_glass"])
        record(kind=events.BREAK_GLASS_SET, actor=acting, subject=user.ref, team=team.pk, facts={"on": on})


def _require_keepable(team: Team, membership: Membership) -> None:
    if membership.role != Role.OWNER or membership.suspended_at is not None:
        raise SsoOnlyError("Only an owner can be kept for the day the provider fails. Choose one.")
    if not has_passkey(membership.user):
        raise SsoOnlyError("This owner has no passkey. It is added under My profile, Security.")
    if kept_in(team.pk).exclude(pk=membership.pk).count() >= MOST_KEPT:
        raise SsoOnlyError("{most_kept} owners are kept already. Release one first.", most_kept=MOST_KEPT)


def _require_ready(team: Team, *, by_provider: bool) -> None:
    kept = list(kept_in(team.pk))
    if not kept:
        raise SsoOnlyError("Keep an owner for the day the provider fails first: one who has a passkey.")
    if not any(passkey_used_since(one.user, now() - TRIED_WITHIN) for one in kept):
        raise SsoOnlyError(
            "Nobody who is kept has tried the passkey in the last day. Have one of them sign in with it, in another "
            "browser, then switch this on."
        )
    if not by_provider:
        raise SsoOnlyError(
            "You have to come by the provider yourself, so that it is known to work: sign out, sign in by it, and "
            "switch this on within ten minutes."
        )


def _end_sessions(team: Team) -> int:
    """Of people who are in no other team: theirs would open nothing any more. Others' are closed to this team."""
    members = Membership.objects.filter(team=team, break_glass=False).values("user")
    alone = Membership.objects.filter(user__in=members).values("user").annotate(Count("pk")).filter(pk__count=1)
    return sign_out_all_but(team=team.pk, users=alone.values_list("user", flat=True))
