"""The agent of an address: found, and narrowed to who asks, before any view of any room runs."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from muniment.agents.selectors import agent
from muniment.agents.services import chat_user, opened, who_comes
from muniment.core.errors import NotFoundError, TooManyRequestsError
from muniment.core.rates import Buckets
from muniment.core.requests import ActorRequest, is_open_or_not, is_outside
from muniment.sso.services import chat_token

STRANGERS = 600
"""Requests a minute from one address, of those who have not signed in: two for each arrival (`chat.outside_views`)."""
PERSON = 120
"""Requests a minute of one who has, also where the session opens nothing any more."""
_requests = Buckets()


class OutsiderMiddleware(MiddlewareMixin):
    """Pages of outsiders (/chat/): nobody is a member there, and the cookie of a chat user counts nowhere else.

    Attack stopped: a page for outsiders shows an owner, who has it open in the same browser, more than them; or their
    cookie is brought to another address. The view is given the agent itself, where it is open; for every other, and
    for one that never was, there is the same page that says nothing.

    Attack stopped: a stranger asks without end for an agent whose silo is opened for each of his requests. They are
    counted before anything is opened, whatever is there. And a chat user's program reads or renames without end, of
    which each is an event of the log.
    """

    def process_request(self, request: HttpRequest) -> None:
        if is_outside(request):
            request.user = AnonymousUser()

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, named: dict[str, Any]
    ) -> HttpResponse | None:
        if not is_outside(request):
            return None
        here = who_comes(named["agent"], chat_token(request, named["agent"]))
        try:
            if here is None:
                _requests.take_from(str(request.META.get("REMOTE_ADDR", "")), limit=STRANGERS)
            else:
                _requests.take(here.ref, limit=PERSON)
        except TooManyRequestsError:
            return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        if is_open_or_not(view):
            return None
        named["agent"] = agent = opened(named["agent"])
        if agent is None:
            raise Http404
        actor = chat_user(agent, here)
        if actor is not None:
            cast("ActorRequest", request).actor = actor
        return None


class AgentMiddleware(MiddlewareMixin):
    """Where an address has an `<str:agent>`, the view is given the agent itself; `request.agent` is the same.

    Attack stopped: Mallory puts the id of somebody else's agent into any address whatever. She is told that there is
    nothing, by the same page as for an id that never was, also where a view forgot to ask. What the role may do with
    an agent it sees is still asked by the service or selector of the act.
    """

    def process_view(self, request: HttpRequest, _view: Callable[..., Any], _args: Any, named: dict[str, Any]) -> None:
        if "agent" not in named or not request.user.is_authenticated:
            return
        asking = cast("ActorRequest", request)
        try:
            named["agent"] = asking.agent = agent(asking.actor, named["agent"])
        except NotFoundError:
            raise Http404 from None
