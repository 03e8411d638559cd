"""What every change of how a person signs in brings with it, within the caller's transaction."""

from typing import TYPE_CHECKING

from muniment.accounts.errors import FactorNeededError
from muniment.accounts.models import AccountLink, EmailChange, RecoveryCode, Session, TrustedBrowser
from muniment.accounts.selectors import has_factor, has_passkey, keeps_passkey, owed_by, team_that_sees
from muniment.audit.services import record
from muniment.core.clock import now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from muniment.accounts.models import User
    from muniment.audit.types import AuditKind
    from muniment.core.actors import Actor


def factors_changed(user: "User", *, keep: str | None) -> None:
    """Ends all sessions but the one with the key `keep`, and every trust in a browser.

    Attack stopped: whoever holds a stolen session or the cookie of a trusted browser loses it when the person changes
    the password or a factor. Recovery codes go with the last factor: they stand in for one.
    """
    end_sessions_but(user, keep)
    TrustedBrowser.objects.filter(user=user).delete()
    if not has_factor(user):
        RecoveryCode.objects.filter(user=user).delete()


def keep_demanded(user: "User") -> None:
    """Undoes the caller's transaction, with FactorNeededError, where it gave up what a team of the person demands."""
    if owed_by(user).first or (keeps_passkey(user) and not has_passkey(user)):
        raise FactorNeededError("Your team demands it. Set another one up first, then give this one up.")


def end_sessions_but(user: "User", keep: str | None) -> int:
    return Session.objects.filter(user=user).exclude(session_key=keep or "").delete()[0]


def links_die(user: "User") -> None:
    """Every link that was made for this person opens nothing from now on.

    Attack stopped: who reads the mail of the person, or held a session, kept a link back for after the change.
    """
    moment = now()
    AccountLink.objects.filter(user=user, used_at=None, expires_at__gt=moment).update(expires_at=moment)
    EmailChange.objects.filter(user=user, used_at=None, expires_at__gt=moment).update(expires_at=moment)


def note(
    kind: "AuditKind", actor: "Actor", user: "User", *, sealed: "Mapping[str, str] | None" = None, **facts: object
) -> None:
    """The event of an act on this account, in the log of the team the person is in."""
    team = actor.team or team_that_sees(user.pk)
    record(kind=kind, actor=actor, subject=user.ref, team=team, facts=facts, sealed=sealed or {})
