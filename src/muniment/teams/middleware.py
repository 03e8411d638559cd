"""`request.actor`: who acts in this request, and in which team."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from muniment.core.actors import Actor
from muniment.teams.selectors import session_actor

if TYPE_CHECKING:
    from collections.abc import Awaitable


class ActorRequest(HttpRequest):
    """A request behind `ActorMiddleware`, for the types of views."""

    actor: Actor  # found on first use; PermissionDeniedError when nobody is signed in
    aactor: "Callable[[], Awaitable[Actor]]"  # the same for async views, as Django's `auser` is to `user`


class ActorMiddleware(MiddlewareMixin):
    """Nothing is read before a view asks: pages of signed-out people cost no query."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        asked = cast("ActorRequest", request)
        lazy = SimpleLazyObject(lambda: session_actor(request))
        asked.actor = cast("Actor", lazy)
        asked.aactor = sync_to_async(lambda: session_actor(request))
        return None
