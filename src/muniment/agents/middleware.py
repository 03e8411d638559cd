"""The agent of an address: found, and narrowed to who asks, before any view of any room runs."""

from collections.abc import Callable
from typing import Any, cast

from django.http import Http404, HttpRequest
from django.utils.deprecation import MiddlewareMixin

from muniment.agents.selectors import agent
from muniment.core.errors import NotFoundError
from muniment.core.requests import ActorRequest


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
