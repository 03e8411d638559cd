"""What makes the pages of asking those of an outsider: who comes, what stands around them, and who it is when a turn
has come.

For now outsiders are chat users of a connection. Whoever else comes without being a member is found by
`agents.middleware` as well, and finds the same pages.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from muniment.agents.services import chat_user, consent_owed, open_agent, who_comes
from muniment.core.actors import Actor, ActorKind
from muniment.core.errors import NotFoundError
from muniment.core.requests import ActorRequest
from muniment.ingest.selectors import totals
from muniment.sso.services import chat_address, chat_token
from muniment.teams.selectors import actor_by_ids

if TYPE_CHECKING:
    from muniment.agents.models import Agent


def for_outsiders(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of an open agent, for who has come in and has agreed to what is shown at the onset; everybody else is led
    to that. Attack stopped: who ignores the notice asks by another address.
    """

    @login_not_required
    @wraps(view)
    def asked(request: HttpRequest, agent: "Agent", **named: Any) -> HttpResponseBase:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None:
            return _led(request, chat_address(agent.pk))
        after = request.path if request.method in {"GET", "HEAD"} else chat_address(agent.pk)
        owed = consent_owed(agent, actor, after)
        return view(cast("ActorRequest", request), agent, **named) if owed is None else _led(request, owed)

    return asked


def around(request: ActorRequest, agent: "Agent") -> dict[str, Any]:
    """Context of the frame of outsiders, in place of `console.frame`; nothing for members."""
    if request.actor.kind is not ActorKind.OUTSIDER:
        return {}
    held = totals(request.actor, agent)
    return {
        "frame": "outside.html",
        "agent_frame": "chat/outside.html",
        "agent": {
            "id": agent.pk,
            "name": agent.name,
            "url": chat_address(agent.pk),
            "ephemeral": agent.ephemeral,
            "state": "live",
        },
        "holds": {"live": held.live, "working": 0},  # what is on its way in is no business of theirs
    }


def as_of_now(request: ActorRequest, agent: "Agent") -> Actor:
    """Who asks, when the turn has come. Raises NotFoundError for who may not any more."""
    actor = request.actor
    if actor.kind is not ActorKind.OUTSIDER:
        return actor_by_ids(user=actor.user or 0, team=actor.team or "")
    found = chat_user(open_agent(agent.pk), who_comes(agent.pk, chat_token(request, agent.pk)))
    if found is None or consent_owed(agent, found, ""):
        raise NotFoundError(_("You are signed out. Sign in again."))
    return found


def _led(request: HttpRequest, address: str) -> HttpResponse:
    """A page's own script is told instead: what it sent was not taken."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"sentence": _("You are signed out. Sign in again.")}, status=HTTPStatus.FORBIDDEN)
    return redirect(address)
