"""What the frame of every signed-in page shows (templates/base.html): the context processor `frame`."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from muniment.core.actors import Actor
from muniment.core.permissions import Permission
from muniment.teams.selectors import team_of, teams_of

# (permission that shows it, route, icon, label, the part of the route's name that lights it)
ENTRIES: list[tuple[Permission, str, str, Any, str]] = [
    (Permission.AGENT_VIEW, "console:home", "robot", _("Agents"), "agents:"),
]


def frame(request: HttpRequest) -> dict[str, Any]:
    """`me`, `team`, `rail` for signed-in people; nothing for others. Asks the database when a template uses it."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not request.user.is_authenticated:
        return {}
    return {
        "me": {"name": request.user.name, "email": request.user.email},
        "team": SimpleLazyObject(lambda: _team(actor)),
        "rail": rail(actor, request),
    }


def _team(actor: Actor) -> dict[str, Any]:
    if actor.team is None:
        return {}
    return {"name": team_of(actor).name, "several": teams_of(actor).count() > 1}


def rail(actor: Actor, request: HttpRequest) -> list[dict[str, Any]]:
    """The entries this person may open, in the order of LOOK.md."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        {"label": label, "icon": icon, "url": reverse(route), "current": here.startswith(part)}
        for permission, route, icon, label, part in ENTRIES
        if actor.holds(permission)
    ]
