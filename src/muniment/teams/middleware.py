"""`request.actor`: who acts in this request, and in which team. And the way to setup, until somebody has claimed."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin

from muniment.core.requests import ActorRequest, is_api
from muniment.teams.selectors import is_claimed, owes_kit_confirmation, session_actor

SESSION_REMINDED = "kit_reminded"
KIT_PAGES = frozenset({"teams:recovery_kit", "teams:check_kit"})
OPEN_BEFORE_CLAIM = frozenset({"setup", "healthz", "readyz"})


class ActorMiddleware(MiddlewareMixin):
    """Runs once the view is known, so that pages without one cost no query. Signed-out requests have no actor."""

    def process_view(self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _named: Any) -> None:
        if request.user.is_authenticated:
            cast("ActorRequest", request).actor = session_actor(request)


class SetupGate(MiddlewareMixin):
    """Until the installation is claimed, every page but setup and health leads to setup. The API is no page: it opens
    to keys alone, which the operator makes.

    Stops whoever comes first from finding a page that was not written with an empty installation in mind. Asks the
    database until the answer is yes, then never again in this process: a claim cannot be undone while it runs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self._claimed = False

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if self._claimed or request.path.lstrip("/") in OPEN_BEFORE_CLAIM or is_api(request):
            return None
        self._claimed = is_claimed()
        if self._claimed:
            return None
        return redirect("teams:setup")


class KitReminder(MiddlewareMixin):
    """Leads the owner to the recovery kit once in each session, until two of its groups were asked back and right."""

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _named: Any
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or request.method != "GET" or SESSION_REMINDED in request.session:
            return None
        request.session[SESSION_REMINDED] = True
        match = request.resolver_match
        if match and match.view_name in KIT_PAGES:
            return None
        return redirect("teams:recovery_kit") if owes_kit_confirmation(cast("ActorRequest", request).actor) else None
