"""Sessions that their owner ends. Offered by `services`."""

from typing import TYPE_CHECKING

from django.db import transaction

from muniment.accounts import events
from muniment.accounts.changes import note
from muniment.accounts.policies import require_own
from muniment.accounts.selectors import session_id, sessions_in_reach
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError

if TYPE_CHECKING:
    from muniment.accounts.models import User


def end_sessions(
    *, actor: Actor, user: "User", reason: events.SessionEnd = events.SessionEnd.END_OTHERS, keep: str | None = None
) -> int:
    """Signs the person out everywhere but in the session with the key `keep`. Returns how many sessions ended."""
    require_own(actor, user)
    with transaction.atomic():
        ended, _ = sessions_in_reach(actor, user).exclude(session_key=keep or "").delete()
        note(events.SESSIONS_ENDED, actor, user, sessions=ended, reason=reason)
    return ended


def end_session(*, actor: Actor, user: "User", key: str) -> None:
    """Signs the person out of the session with this key: of the own browser."""
    require_own(actor, user)
    with transaction.atomic():
        ended, _ = sessions_in_reach(actor, user).filter(session_key=key).delete()
        note(events.SESSIONS_ENDED, actor, user, sessions=ended, reason=events.SessionEnd.SIGN_OUT)


def end_session_named(*, actor: Actor, user: "User", session: str) -> None:
    """Signs the person out of one session, by its name on the page. NotFoundError for one that is not there."""
    require_own(actor, user)
    keys = sessions_in_reach(actor, user).values_list("session_key", flat=True)
    key = next((key for key in keys if session_id(key) == session), None)
    if key is None:
        raise NotFoundError("There is no such session. It has ended already.")
    with transaction.atomic():
        ended, _ = sessions_in_reach(actor, user).filter(session_key=key).delete()
        note(events.SESSIONS_ENDED, actor, user, sessions=ended, reason=events.SessionEnd.END_ONE)
