"""What a browser was sent to a provider for. It is kept in its own session until the answer comes, and good for one.

Attack stopped: an answer that somebody else got is brought into this browser, which then is signed in as him, or signs
him in here: no answer counts in a browser that did not ask for it (login CSRF, assertion injection).
"""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from muniment.core.clock import now
from muniment.sso.errors import NotAskedError
from muniment.sso.types import ASKED_FOR, Purpose

if TYPE_CHECKING:
    from django.http import HttpRequest

SESSION_ASKED = "sso_asked"
_MOST = 5  # of one browser at a time: tabs


@dataclass(frozen=True, slots=True)
class Asked:
    """`key` comes back with the answer (RelayState, state). `kept`: what the protocol needs to judge it. `agent`: for
    whose chat, of a chat user.
    """

    connection: str
    purpose: Purpose
    after: str
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)
    asked_at: datetime = field(default_factory=now)
    agent: str = ""


def keep_asked(request: "HttpRequest", asked: Asked) -> None:
    known: dict[str, dict[str, object]] = request.session.get(SESSION_ASKED, {})
    newest = sorted(known.items(), key=lambda one: str(one[1]["asked_at"]))[-(_MOST - 1) :]
    written = asdict(asked) | {"asked_at": asked.asked_at.isoformat()}
    request.session[SESSION_ASKED] = dict(newest) | {asked.key: written}
    if not request.user.is_authenticated:  # nobody's session lasts no longer than what is in it
        request.session.set_expiry(ASKED_FOR)


def take_asked(request: "HttpRequest", *, key: str, connection: str) -> Asked:
    """The one that is answered, gone from the session. Raises NotAskedError."""
    known = dict(request.session.get(SESSION_ASKED, {}))
    found = known.pop(key, None)
    if found is None or found["connection"] != connection:
        raise NotAskedError("This browser did not ask for that. Begin again at the sign-in page.")
    request.session[SESSION_ASKED] = known
    asked_at = datetime.fromisoformat(found["asked_at"])
    if now() - asked_at >= ASKED_FOR:
        raise NotAskedError("That took longer than 15 minutes. Begin again at the sign-in page.")
    return Asked(**(found | {"purpose": Purpose(found["purpose"]), "asked_at": asked_at}))
