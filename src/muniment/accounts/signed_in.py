"""What a session knows of its beginning. Django tells every sign-in, by whatever way, with one signal."""

from typing import Any

from django.http import HttpRequest

from muniment.accounts.devices import device_name
from muniment.accounts.sessions import ADDRESS, DEVICE, SEEN, STARTED
from muniment.accounts.types import IDLE
from muniment.core.clock import now


def describe_session(sender: Any, request: HttpRequest, **_: Any) -> None:  # noqa: ARG001 - the signal's signature
    moment = now()
    request.session.update(
        {
            STARTED: moment.isoformat(),
            SEEN: moment.isoformat(),
            DEVICE: device_name(request.META.get("HTTP_USER_AGENT", "")),
            ADDRESS: request.META.get("REMOTE_ADDR", "")[:45],
        }
    )
    request.session.set_expiry(moment + IDLE)
