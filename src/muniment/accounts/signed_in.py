"""What a session knows of its beginning. Django tells every sign-in, by whatever way, with one signal."""

from typing import Any

from django.http import HttpRequest

from muniment.accounts.devices import device_name
from muniment.accounts.selectors import SESSION_CONFIRMED, SESSION_PROVIDER_CONFIRMED
from muniment.accounts.sessions import ADDRESS, DEVICE, SEEN, UNTIL
from muniment.accounts.types import IDLE, OPENED_BY, STARTED
from muniment.core.clock import now


def describe_session(sender: Any, request: HttpRequest, **_: Any) -> None:  # noqa: ARG001 - the signal's signature
    """Attack stopped: somebody who is signed in signs in again, another way, and Django keeps the session's data: what
    the first way had opened or confirmed would count for the second.
    """
    moment = now()
    for name in (OPENED_BY, UNTIL, SESSION_CONFIRMED, SESSION_PROVIDER_CONFIRMED):
        request.session.pop(name, None)
    request.session.update(
        {
            STARTED: moment.isoformat(),
            SEEN: moment.isoformat(),
            DEVICE: device_name(request.META.get("HTTP_USER_AGENT", "")),
            ADDRESS: request.META.get("REMOTE_ADDR", "")[:45],
        }
    )
    request.session.set_expiry(moment + IDLE)
