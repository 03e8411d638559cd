"""Answers: a question takes its credit before it is searched and gives it back when nothing was answered.

What it costs: one, as soon as the first sentence of an answer was said, also when it is stopped after that, and however
often the same is asked. "Not in my documents", an unanswered model and every failure cost nothing.

Attack stopped: many questions at once, in several processes, each of which still sees the last credit. Residue
accepted: a process that is killed over an answer keeps its credit taken for an hour, and what it had said by then costs
nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.credits.errors import QueriesSpentError
from muniment.credits.models import MonthlyQueries, QueryUnderWay
from muniment.credits.policies import check_team
from muniment.credits.selectors import allowed, used_queries
from muniment.credits.storage import lock
from muniment.credits.types import Credit, Level, month_after, month_of
from muniment.credits.warning import tell_once

LONGEST = timedelta(hours=1)  # no answer takes so long: a model that says nothing is given up after ten minutes


@dataclass
class Query:
    """A credit that was taken. `under_way`: the row that says so; None without a limit, where nothing has to."""

    team: str
    silo: str
    month: str
    under_way: str | None
    is_answered: bool = False


@contextmanager
def one_query(*, actor: Actor, team: str, silo: str) -> Iterator[Query]:
    """Takes a credit for the length of the block, which says whether it was answered. Raises QueriesSpentError, with
    nothing done.
    """
    query = take_query(actor=actor, team=team, silo=silo)
    try:
        yield query
    finally:
        settle_query(query)


def take_query(*, actor: Actor, team: str, silo: str) -> Query:
    """Raises QueriesSpentError, with nothing done."""
    check_team(actor, team)
    month = month_of(now())
    if allowed(team).queries is None:
        return Query(team, silo, month, None)
    with transaction.atomic():
        limit = lock(team).queries
        QueryUnderWay.objects.filter(team=team, since__lt=now() - LONGEST).delete()
        if limit is not None and used_queries(team, month) >= limit:
            raise QueriesSpentError(limit, month_after(month))
        row = QueryUnderWay.objects.create(team=team, month=month)
    return Query(team, silo, month, row.pk)


def settle_query(query: Query) -> None:
    """Counts it, in the month in which it was asked, or gives it back."""
    if query.under_way is None and not query.is_answered:
        return
    with transaction.atomic():
        QueryUnderWay.objects.filter(pk=query.under_way).delete()
        if not query.is_answered:
            return
        row, _ = MonthlyQueries.objects.get_or_create(team=query.team, month=query.month, silo=query.silo)
        MonthlyQueries.objects.filter(pk=row.pk).update(queries=F("queries") + 1)
        limit = allowed(query.team).queries
        if limit is not None and query.month == month_of(now()):
            tell_once(query.team, Level(Credit.QUERIES, used_queries(query.team, query.month), limit))
