"""What the frame of every signed-in page shows (templates/base.html, agents/agent.html): the context processor `frame`.

Every page gets `me`, `team`, `rail`, `rail_meters`, `crumbs`; a page whose address names an agent also `agent`,
`agent_tabs`, `holds`, `masking`. A view's own context goes before it, for crumbs that lead further down.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from muniment.agents.selectors import may
from muniment.console.credit_pages import rail_meters
from muniment.console.standing import masking, standing
from muniment.core.actors import Actor
from muniment.core.permissions import Permission
from muniment.core.requests import is_outside
from muniment.ingest.selectors import originals_kept
from muniment.teams.selectors import team_of, teams_of

if TYPE_CHECKING:
    from muniment.agents.models import Agent


@dataclass(frozen=True, slots=True)
class Entry:
    """Shown to who holds `permission`, without one to everybody in a team; lit on the routes whose names begin with one
    of `routes`.
    """

    permission: Permission | None
    label: Promise
    path: str
    routes: tuple[str, ...]
    icon: str = ""


TEAM_PAGES = (
    "teams:members",
    "teams:member",
    "teams:invite",
    "teams:remove",
    "teams:roles",
    "teams:role",
    "teams:new_role",
    "teams:delete_role",
    "teams:sign_in_policy",
    "teams:recovery_link",
    "teams:keys",
    "teams:new_key",
    "console:credits",
)
RAIL = (
    Entry(
        None,
        _("Agents"),
        "/agents",
        ("console:agents", "agents:", "ingest:", "chat:ask", "chat:viewer"),
        "robot",
    ),
    Entry(None, _("Conversations"), "/conversations", ("chat:conversations",), "messages"),
    Entry(Permission.MEMBER_VIEW, _("Team"), "/members", TEAM_PAGES, "users"),
    Entry(
        Permission.PROVIDER_UPDATE,
        _("Server"),
        "/server/models",
        ("console:server", "console:models", "console:new_provider", "console:provider"),
        "device-desktop",
    ),
)
TABS = (  # paths under the agent's own
    Entry(Permission.CONVERSATION_CREATE, _("Ask"), "", ("chat:",)),
    Entry(Permission.DOCUMENT_VIEW, _("Knowledge"), "/knowledge", ("ingest:",)),
    Entry(Permission.SETTING_VIEW, _("Character"), "/character", ("agents:character",)),
    Entry(Permission.AGENT_VIEW, _("Safety"), "/safety", ("agents:safety", "ingest:masking")),
    Entry(Permission.GRANT_VIEW, _("Share"), "/people", ("agents:people", "agents:grant")),
    Entry(Permission.SETTING_VIEW, _("Settings"), "/settings", ("agents:settings", "agents:delete")),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """For signed-in people; nothing for others. Asks the database when a template uses it.

    Attack stopped: a page under /chat/ that some view forgot shows an outsider what was to be said to a member.
    """
    if is_outside(request):
        return {"outside": True}
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not request.user.is_authenticated:
        return {}
    route = request.resolver_match.view_name if request.resolver_match else ""
    agent: Agent | None = getattr(request, "agent", None)
    return {
        "me": {"name": request.user.name, "email": request.user.email},
        "team": SimpleLazyObject(lambda: _team(actor)),
        "rail_meters": SimpleLazyObject(lambda: rail_meters(actor)),
        "rail": [_shown(entry, route) for entry in RAIL if _is_open(actor, entry)],
        "crumbs": [],
        **(_of_agent(actor, agent, route) if agent else {}),
    }


def _is_open(actor: Actor, entry: Entry) -> bool:
    return actor.team is not None and (entry.permission is None or actor.holds(entry.permission))


def _team(actor: Actor) -> dict[str, Any]:
    if actor.team is None:
        return {}
    others = [{"id": one.pk, "name": one.name} for one in teams_of(actor) if one.pk != actor.team]
    return {"name": team_of(actor).name, "others": others}


def _of_agent(actor: Actor, agent: "Agent", route: str) -> dict[str, Any]:
    holds = SimpleLazyObject(lambda: standing(actor, agent))
    return {
        "agent": SimpleLazyObject(
            lambda: {
                "id": agent.id,
                "name": agent.name,
                "url": agent.url,
                "ephemeral": agent.ephemeral,
                "state": holds.state,
            }
        ),
        "agent_tabs": SimpleLazyObject(lambda: _tabs(actor, agent, route, holds)),
        "holds": holds,
        "originals_kept": lambda: originals_kept(actor, agent),
        "masking": SimpleLazyObject(lambda: masking(actor, agent)),
        "crumbs": [{"label": _("Agents"), "url": "/agents"}, {"label": agent.name, "url": agent.url}],
    }


def _tabs(actor: Actor, agent: "Agent", route: str, holds: Any) -> list[dict[str, Any]]:
    tabs = [
        _shown(entry, route, under=agent.url)
        for entry in TABS
        if entry.permission and may(actor, entry.permission, agent)
    ]
    lit = [tab for tab in tabs if tab["current"]]
    for tab in lit[:-1]:  # a page of one room under another's tab: the later, more exact entry has it
        tab["current"] = False
    for tab in tabs:
        if tab["url"].endswith("/knowledge"):
            count = number_format(holds.documents, force_grouping=True) if holds.documents else ""
            tab.update(count=count, count_id="knowledge-count")
    return tabs


def _shown(entry: Entry, route: str, under: str = "") -> dict[str, Any]:
    return {
        "label": entry.label,
        "icon": entry.icon,
        "url": under + entry.path,
        "current": route.startswith(entry.routes),
    }
