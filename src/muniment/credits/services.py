"""What changes what a team may use, and what it uses."""

from django.db import transaction

from muniment.audit.services import record
from muniment.core.actors import Actor, system_in
from muniment.credits import events
from muniment.credits.errors import LimitError
from muniment.credits.models import TeamCredit
from muniment.credits.policies import check_set
from muniment.credits.queries import one_query
from muniment.credits.selectors import allowed
from muniment.credits.storage import (
    forget_silo,
    lock,
    next_in,
    reserve_words,
    store_words,
    stored_words,
    teams_that_wait,
)
from muniment.credits.types import SPACE_JOB, Limits
from muniment.jobs.services import enqueue

__all__ = [
    "forget_silo",
    "next_in",
    "one_query",
    "record_correction",
    "reserve_words",
    "reset_limits",
    "set_limits",
    "store_words",
    "stored_words",
    "teams_that_wait",
]
MOST = 10**15


def set_limits(*, actor: Actor, team: str, words: int | None, queries: int | None) -> Limits:
    """What the team may use from now on; None: no limit. Nothing that is there is touched, also where it is more.

    Documents that wait are let in as far as there is room now. For the operator.
    """
    check_set(actor)
    if any(one is not None and not 0 <= one <= MOST for one in (words, queries)):
        raise LimitError("A limit is a whole number from 0 on, or none.")
    return _set(actor, team, Limits(words, queries, is_default=False))


def reset_limits(*, actor: Actor, team: str) -> Limits:
    """Back to what the settings of the installation allow every team."""
    check_set(actor)
    return _set(actor, team, Limits())


def record_correction(*, actor: Actor, silo: str, documents: int, words: int) -> None:
    """That the count of a silo was put right: of how many documents, by how many words in sum."""
    with transaction.atomic():
        record(kind=events.COUNT_CORRECTED, actor=actor, silo=silo, facts={"documents": documents, "words": abs(words)})


def _set(actor: Actor, team: str, limits: Limits) -> Limits:
    with transaction.atomic():
        lock(team)
        TeamCredit.objects.filter(pk=team).update(
            words=limits.words, queries=limits.queries, is_default=limits.is_default
        )
        now_allowed = allowed(team)
        found = (now_allowed.words, now_allowed.queries)
        facts = {"words": found[0] or 0, "queries": found[1] or 0, "limited": sum(one is not None for one in found)}
        record(kind=events.LIMITS_SET, actor=actor, team=team, facts=facts)
        enqueue(actor=system_in(team), kind=SPACE_JOB, payload={}, key=team)
    return now_allowed
