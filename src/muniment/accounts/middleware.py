"""What every request of a session goes through: it ends 12 hours after its last use and 7 days after sign-in whatever
happens, and leads nowhere before what its person's teams demand is there.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from muniment.accounts.selectors import SESSION_PASSKEY, has_passkey, may_enter, passkey_demanded
from muniment.accounts.sessions import SEEN, UNTIL, moment
from muniment.accounts.types import ABSOLUTE, IDLE, OPENED_BY, STARTED
from muniment.core.clock import now
from muniment.core.requests import is_api, is_outside

STEP = timedelta(
    minutes=5
)  # how exactly the last use is known: one write of the session in that time, not in each request


class SessionLifetime(MiddlewareMixin):
    """A stolen cookie is worth a week at most. A session without its times is none: it was not made by a sign-in."""

    def process_request(self, request: HttpRequest) -> None:
        session = request.session
        if SESSION_KEY not in session:
            return
        started, seen, until = (moment(session, name) for name in (STARTED, SEEN, UNTIL))
        over = until is not None and now() >= until
        if started is None or seen is None or over or now() - started >= ABSOLUTE or now() - seen >= IDLE:
            session.flush()
        elif now() - seen >= STEP and not is_outside(request):  # an outsider's page is no use of a member's session
            session[SEEN] = now().isoformat()
            session.set_expiry(min(started + ABSOLUTE, now() + IDLE))


class SignInGate(MiddlewareMixin):
    """Attack stopped: who ignores the page that asks for a second factor goes on by another address. Once the time of
    grace is over every address but those of the own account leads back to it.
    """

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _named: Any
    ) -> HttpResponse | None:
        user, match = request.user, request.resolver_match
        if not user.is_authenticated or (match and match.namespace == "accounts"):
            return None
        if request.session.get(OPENED_BY):  # what its one team demands, that team's provider sees to
            return None
        if not may_enter(user):
            return _led(request, reverse("accounts:security"))
        if not request.session.get(SESSION_PASSKEY) and passkey_demanded(user) and has_passkey(user):
            after = urlencode({"next": request.get_full_path() if request.method == "GET" else "/", "passkey": "only"})
            return _led(request, f"{reverse('accounts:confirm')}?{after}")
        return None


def _led(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        sentence = _("Your team demands more of how you sign in. Open My Profile, Security.")
        return JsonResponse({"sentence": sentence}, status=HTTPStatus.FORBIDDEN)
    return redirect(address)


class PersonalSettings(MiddlewareMixin):
    """Pages of a signed-in person speak the language and show the times that the person chose. Nobody is signed in to
    the API.
    """

    def process_request(self, request: HttpRequest) -> None:
        user = None if is_api(request) else request.user
        if user is None or not user.is_authenticated:
            timezone.deactivate()
            return
        if user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        with suppress(ZoneInfoNotFoundError, ValueError):
            timezone.activate(ZoneInfo(user.time_zone or "UTC"))
