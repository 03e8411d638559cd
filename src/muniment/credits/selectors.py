"""Reading what is used and allowed. The actor comes first."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Q, Sum

from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.credits.errors import QueriesSpentError
from muniment.credits.models import DocumentWords, MonthlyQueries, QueryUnderWay, TeamCredit
from muniment.credits.policies import check_see, check_set, is_told, may_see
from muniment.credits.types import COUNTED, Credit, Held, Level, Limits, TeamUse, Use, month_after, month_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = [
    "allowed",
    "check_queries_left",
    "is_told",
    "levels",
    "limits_of",
    "may_see",
    "team_use",
    "use_of",
]


def team_use(actor: Actor) -> TeamUse:
    """All of the actor's team, by silo."""
    team, month = check_see(actor), month_of(now())
    words, waiting = _words_by_silo(team), _waiting_by_silo(team)
    queries = dict(MonthlyQueries.objects.filter(team=team, month=month).values_list("silo", "queries"))
    silos = {*words, *waiting, *queries}
    return TeamUse(
        month=month,
        words=Level(Credit.WORDS, sum(words.values()), (limits := allowed(team)).words),
        queries=Level(Credit.QUERIES, used_queries(team, month), limits.queries),
        waiting=sum(waiting.values()),
        by_silo={one: Use(words.get(one, 0), queries.get(one, 0), waiting.get(one, 0)) for one in silos},
    )


def levels(actor: Actor) -> TeamUse:
    """The sums alone."""
    team, month = check_see(actor), month_of(now())
    limits = allowed(team)
    return TeamUse(
        month=month,
        words=Level(Credit.WORDS, used_words(team), limits.words),
        queries=Level(Credit.QUERIES, used_queries(team, month), limits.queries),
        waiting=DocumentWords.objects.filter(team=team, held=Held.WAITING).count(),
    )


def limits_of(actor: Actor, team: str) -> Limits:
    """For the operator; a team sees its own in `team_use`."""
    check_set(actor)
    return allowed(team)


def use_of(team: str | None, silo: str) -> Use:
    """Of one agent, for rooms that have asked whether the actor may see its statistics."""
    counted = DocumentWords.objects.filter(team=team, silo=silo, held=Held.STORED).aggregate(all=Sum("words"))
    asked = MonthlyQueries.objects.filter(team=team, silo=silo, month=month_of(now())).first()
    return Use(words=counted["all"] or 0, queries=asked.queries if asked else 0)


def allowed(team: str) -> Limits:
    """What counts for a team now."""
    row = TeamCredit.objects.filter(pk=team).first()
    if row is None or row.is_default:
        return Limits(settings.MUNIMENT_TEAM_WORDS, settings.MUNIMENT_TEAM_QUERIES)
    return Limits(row.words, row.queries, is_default=False)


def check_queries_left(team: str) -> None:
    """Raises QueriesSpentError while a status can still say so; the credit itself is taken when it is asked."""
    month, limit = month_of(now()), allowed(team).queries
    if limit is not None and used_queries(team, month) >= limit:
        raise QueriesSpentError(limit, month_after(month))


def used_words(team: str) -> int:
    return _counted(team).aggregate(all=Sum("words"))["all"] or 0


def used_queries(team: str, month: str) -> int:
    """With those that are being answered."""
    done = MonthlyQueries.objects.filter(team=team, month=month).aggregate(all=Sum("queries"))["all"] or 0
    return int(done) + QueryUnderWay.objects.filter(team=team, month=month).count()


def _counted(team: str) -> "QuerySet[DocumentWords]":
    return DocumentWords.objects.filter(team=team, held__in=COUNTED)


def _words_by_silo(team: str) -> Mapping[str, int]:
    return dict(_counted(team).values_list("silo").annotate(all=Sum("words")))


def _waiting_by_silo(team: str) -> Mapping[str, int]:
    found = DocumentWords.objects.filter(Q(team=team) & Q(held=Held.WAITING))
    return dict(found.values_list("silo").annotate(all=Count("pk")))
