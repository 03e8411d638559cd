"""Browsers that are not asked for the second step: a random token in a cookie, a row that can be taken away."""

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from muniment.accounts import events
from muniment.accounts.changes import note
from muniment.accounts.devices import device_name
from muniment.accounts.models import TrustedBrowser
from muniment.accounts.policies import require_own, require_own_door
from muniment.accounts.types import TRUSTED_FOR
from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.core.errors import NotFoundError

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from muniment.accounts.models import User

COOKIE = "__Host-trusted" if settings.SESSION_COOKIE_NAME.startswith("__Host-") else "trusted"


def trust_browser(*, actor: Actor, user: "User", request: "HttpRequest", response: "HttpResponseBase") -> None:
    """The browser is not asked for the second step for `TRUSTED_FOR`, or until it or a factor is changed."""
    require_own(actor, user)
    token = secrets.token_urlsafe(32)
    moment = now()
    with transaction.atomic():
        TrustedBrowser.objects.create(
            user=user,
            token_hash=_hash(token),
            device=device_name(request.META.get("HTTP_USER_AGENT", "")),
            created_at=moment,
            used_at=moment,
            expires_at=moment + TRUSTED_FOR,
        )
        note(events.BROWSER_TRUSTED, actor, user)
    response.set_cookie(
        COOKIE,
        token,
        max_age=TRUSTED_FOR,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def is_trusted(request: "HttpRequest", user: "User") -> bool:
    """Whether the person chose so in this browser. Notes that it was used."""
    token = request.COOKIES.get(COOKIE, "")
    live = TrustedBrowser.objects.filter(user=user, token_hash=_hash(token), expires_at__gt=now())
    return bool(token) and live.update(used_at=now()) == 1


def revoke_browser(*, actor: Actor, user: "User", browser: str) -> None:
    """It is asked for the second step again. NotFoundError for one that is not the person's."""
    require_own_door(actor, user)
    with transaction.atomic():
        if not TrustedBrowser.objects.filter(user=user, pk=browser).delete()[0]:
            raise NotFoundError("There is no such browser.")
        note(events.BROWSER_REVOKED, actor, user)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
