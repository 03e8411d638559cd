"""The list of agents: searched, filtered, sorted. The agents of one page alone are opened."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from muniment.agents.selectors import agents as agents_of
from muniment.agents.selectors import may_create
from muniment.agents.types import Whose
from muniment.chat.selectors import last_asked
from muniment.console.standing import taken_in
from muniment.core.actors import Actor
from muniment.core.requests import ActorRequest
from muniment.core.searches import Searches

if TYPE_CHECKING:
    from muniment.agents.models import Agent

ROWS = 50
_searches = Searches("agent_searches", "/agents")
NEWEST, NAME, ASKED = "", "name", "asked"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@require_http_methods(["GET", "HEAD", "POST"])
def agents(request: ActorRequest) -> HttpResponse:
    if request.method == "POST":
        return redirect(_searches.keep(request))
    actor, sort = request.actor, request.GET.get("sort", "")
    whose = Whose(request.GET["whose"]) if request.GET.get("whose", "") in set(Whose) else None
    search, q = _searches.words(request)
    asked = last_asked(actor)
    found = _sorted(_named(agents_of(actor, whose), q), sort, asked)
    page: Any = Paginator(found, ROWS).get_page(request.GET.get("page"))
    page.object_list = agent_rows(actor, page.object_list, asked)
    context = {
        "agents": page,
        "any": bool(found) or agents_of(actor).exists(),
        "q": q,
        "search": search,
        "whose": whose or "",
        "sort": sort,
        "filters": _choices({"": _("All"), Whose.OWN: _("Mine"), Whose.GRANTED: _("Granted to me")}, whose or "")
        + _choices({Whose.TEAM: _("The team's"), Whose.PERSONAL: _("Personal")}, whose or ""),
        "orders": _choices({NEWEST: _("Newest first"), NAME: _("By name"), ASKED: _("Last asked first")}, sort),
        "may_create": may_create(actor) or may_create(actor, personal=True),
        "crumbs": [{"label": _("Agents"), "url": "/agents"}],
    }
    return render(request, "agents/list.html", context)


def agent_rows(actor: Actor, found: "Iterable[Agent]", asked: Mapping[str, datetime]) -> list[dict[str, Any]]:
    """What a list shows of each agent; `asked`: when the actor asked each last."""
    rows = []
    for agent in found:
        state, held = taken_in(actor, agent)
        facts = {"name": agent.name, "url": agent.url, "state": state, "documents": held.all}
        rows.append(facts | {"asked_at": asked.get(agent.pk), "personal": agent.personal})
    return rows


def _named(found: "Iterable[Agent]", q: str) -> "list[Agent]":
    """Those whose name holds each of the words."""
    words = q.casefold().split()
    return [agent for agent in found if all(word in agent.name.casefold() for word in words)]


def _sorted(found: "list[Agent]", sort: str, asked: Mapping[str, datetime]) -> "list[Agent]":
    if sort == NAME:
        return sorted(found, key=lambda agent: agent.name.casefold())
    if sort == ASKED:
        return sorted(found, key=lambda agent: asked.get(agent.pk, _LONG_AGO), reverse=True)
    return found


def _choices(words: Mapping[str, str], chosen: str) -> list[dict[str, Any]]:
    return [{"key": str(key), "label": label, "current": key == chosen} for key, label in words.items()]
