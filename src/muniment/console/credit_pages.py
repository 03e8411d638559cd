"""What the team uses of its limits: the page, the meter at the foot of the rail, and the remark when one comes near."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from muniment.agents.selectors import agents as agents_of
from muniment.core.actors import Actor
from muniment.core.requests import ActorRequest
from muniment.credits.selectors import is_told, levels, may_see, team_use
from muniment.credits.types import Credit, Level, TeamUse, Use
from muniment.jobs.selectors import queue_state
from muniment.teams.team_frame import team_page

if TYPE_CHECKING:
    from muniment.agents.models import Agent

OFTEN, SELDOM = 2, 20  # seconds until the page asks again: while documents are read, and else
ADDRESS = "/team/credits"
_TITLES: dict[Credit, Promise] = {
    Credit.WORDS: gettext_lazy("Words stored"),
    Credit.QUERIES: gettext_lazy("Answers this month"),
}
_SORTS: dict[str, Callable[[tuple["Agent", Use]], Any]] = {
    "": lambda row: (-row[1].words, row[0].name.casefold()),
    "queries": lambda row: (-row[1].queries, row[0].name.casefold()),
    "name": lambda row: row[0].name.casefold(),
}


@require_safe
def credits_page(request: ActorRequest) -> HttpResponse:
    """The page; for htmx the numbers alone, which ask for themselves again."""
    use, sort = team_use(request.actor), request.GET.get("sort", "")
    sort = sort if sort in _SORTS else ""
    jobs = queue_state(request.actor)
    context = {
        "meters": [meter_of(one) for one in use.levels],
        "month": datetime.strptime(use.month, "%Y-%m").replace(tzinfo=UTC),
        "turns": use.turns,
        "waiting": use.waiting,
        "told": is_told(request.actor),
        "sort": sort,
        "every": OFTEN if jobs.waiting or jobs.running else SELDOM,
        **_rows(request.actor, use, sort),
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "team/credits_now.html", context)
    return team_page(request, "team/credits.html", "credits", context)


def meter_of(level: Level) -> dict[str, Any]:
    """Context of team/credit_meter.html."""
    return {
        "credit": level.credit.value,
        "title": _TITLES[level.credit],
        "used": level.used,
        "limit": level.limit,
        "left": level.left,
        "percent": level.percent,
        "is_near": level.is_near,
        "is_full": level.is_full,
    }


def rail_meters(actor: Actor) -> list[dict[str, Any]]:
    """For the foot of the rail: those that have a limit."""
    if not may_see(actor):
        return []
    return [meter_of(one) for one in levels(actor).levels if one.limit is not None]


def credit_remarks(actor: Actor) -> list[dict[str, Any]]:
    """For home: what comes near, for who can do something about it."""
    if not is_told(actor):
        return []
    return [_remark(one) for one in levels(actor).levels if one.is_near]


def _remark(level: Level) -> dict[str, Any]:
    used, limit = (number_format(one or 0, force_grouping=True) for one in (level.used, level.limit))
    titles = {
        (Credit.WORDS, False): _("%(used)s of %(limit)s words are stored"),
        (Credit.WORDS, True): _("All %(limit)s words are stored"),
        (Credit.QUERIES, False): _("%(used)s of %(limit)s answers of this month are used"),
        (Credit.QUERIES, True): _("All %(limit)s answers of this month are used"),
    }
    texts = {
        (Credit.WORDS, False): _("At the limit, new documents wait. Delete some, or have the operator raise it."),
        (Credit.WORDS, True): _("New documents wait, and nothing is lost. Delete some, or have the operator raise it."),
        (Credit.QUERIES, False): _("At the limit, nothing is answered until the month turns."),
        (Credit.QUERIES, True): _("Nothing is answered until the month turns, or the operator raises the limit."),
    }
    key = (level.credit, level.is_full)
    facts = {"used": used, "limit": limit}
    state = "error" if level.is_full else "warn"
    return {"state": state, "title": titles[key] % facts, "text": texts[key], "url": ADDRESS, "label": _("See the use")}


def _rows(actor: Actor, use: TeamUse, sort: str) -> dict[str, Any]:
    """The agents the actor reaches, and in one sum what all others use: their names are not told."""
    seen = sorted(((one, use.by_silo.get(one.silo, Use())) for one in agents_of(actor)), key=_SORTS[sort])
    named = {agent.silo for agent, _ in seen}
    others = [one for silo, one in use.by_silo.items() if silo not in named]
    most = {credit: max((getattr(one, credit) for one in use.by_silo.values()), default=0) for credit in Credit}
    rows = [
        {
            "name": agent.name,
            "url": agent.url,
            "words": one.words,
            "queries": one.queries,
            "waiting": one.waiting,
            "words_percent": _share(one.words, use.words.used),
            "queries_percent": _share(one.queries, use.queries.used),
        }
        for agent, one in seen
    ]
    return {
        "agents": rows,
        "most_words": most[Credit.WORDS] or 1,
        "most_queries": most[Credit.QUERIES] or 1,
        "others": {"words": sum(one.words for one in others), "queries": sum(one.queries for one in others)}
        if others
        else None,
    }


def _share(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
