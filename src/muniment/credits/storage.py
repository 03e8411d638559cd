"""Words: room taken before a document is stored, put down once it is, given back when it goes.

Attack stopped: several workers at once, each of which still sees the same room. Everybody who counts for a team holds
its row meanwhile. What dies in between leaves room taken, never room that is not there; `ingest.space` finds it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from muniment.core.actors import Actor, system_in
from muniment.core.clock import now
from muniment.credits.models import DocumentWords, TeamCredit
from muniment.credits.policies import check_team
from muniment.credits.selectors import allowed, used_words
from muniment.credits.types import COUNTED, SPACE_JOB, Credit, Held, Level, Wanted
from muniment.credits.warning import tell_once
from muniment.jobs.services import enqueue

if TYPE_CHECKING:
    from django.db.models import QuerySet


def reserve_words(*, actor: Actor, silo: str, wanted: Sequence[Wanted]) -> dict[str, int]:
    """Takes room for documents, in this order. Those for which there is none, with the words each needs more.

    A document takes what it has more than those that go for it; one that needs nothing more always fits.
    """
    team = _team(actor)
    if allowed(team).words is None:
        return {}
    left_out: dict[str, int] = {}
    with transaction.atomic():
        limit = lock(team).words
        _rows(one.document for one in wanted).filter(held=Held.RESERVED).delete()  # of a try that died
        used = used_words(team)
        for one in wanted:
            before = _sum(_rows(one.instead_of))
            need = max(one.words - before, 0)
            fits = not need or limit is None or used + need <= limit
            if not fits:
                left_out[one.document] = need
            _put(team, silo, one.document, need, Held.RESERVED if fits else Held.WAITING)
            used += need * fits
    return left_out


def store_words(
    *,
    actor: Actor,
    silo: str,
    live: Mapping[str, int],
    waiting: Mapping[str, int],
    queued: Collection[str],
    gone: Collection[str],
) -> None:
    """How documents of a silo stand: the words of those that are live, or for which they wait. Of queued ones the room
    that was taken stays. For who holds the silo meanwhile, so that nobody puts down what is no longer so. Idempotent.
    """
    team = _team(actor)
    with transaction.atomic():
        lock(team)
        before = used_words(team)
        _rows(gone).delete()
        _rows(queued).filter(held=Held.WAITING).delete()
        for held, counted in ((Held.STORED, live), (Held.WAITING, waiting)):
            for document, words in counted.items():
                _put(team, silo, document, words, held)
        _follow(team, before)


def forget_silo(*, actor: Actor, team: str, silo: str) -> None:
    """An agent is gone: in the transaction in which its row goes. What was asked this month stays asked."""
    check_team(actor, team)
    with transaction.atomic():
        lock(team)
        before = used_words(team)
        DocumentWords.objects.filter(silo=silo).delete()
        _follow(team, before)


def stored_words(silo: str) -> dict[str, tuple[Held, int]]:
    """What is put down of a silo, by document, to be compared with it."""
    found = DocumentWords.objects.filter(silo=silo).values_list("document", "held", "words")
    return {document: (Held(held), words) for document, held, words in found}


def next_in(team: str) -> dict[str, list[str]]:
    """The waiting documents for which there is room now, the oldest first, by silo."""
    level = Level(Credit.WORDS, used_words(team), allowed(team).words)
    left, found = level.left, dict[str, list[str]]()
    waiting = DocumentWords.objects.filter(team=team, held=Held.WAITING).order_by("since", "pk")
    for silo, document, words in waiting.values_list("silo", "document", "words"):
        if left is None or words <= left:
            left = None if left is None else left - words
            found.setdefault(silo, []).append(document)
    return found


def teams_that_wait() -> list[str]:
    return list(DocumentWords.objects.filter(held=Held.WAITING).values_list("team", flat=True).distinct())


def lock(team: str) -> TeamCredit:
    """The team's row, held until the caller's transaction ends, with what is allowed now."""
    TeamCredit.objects.get_or_create(team=team)
    row = TeamCredit.objects.select_for_update().get(pk=team)
    limits = allowed(team)
    row.words, row.queries = limits.words, limits.queries
    return row


def _follow(team: str, before: int) -> None:
    """What a changed sum brings about."""
    used = used_words(team)
    if used >= before:  # what was taken before it was stored is in both
        tell_once(team, Level(Credit.WORDS, used, allowed(team).words))
    elif used < before and DocumentWords.objects.filter(team=team, held=Held.WAITING).exists():
        enqueue(actor=system_in(team), kind=SPACE_JOB, payload={}, key=team)


def _put(team: str, silo: str, document: str, words: int, held: Held) -> None:
    fields = {"silo": silo, "team": team, "words": words, "held": held}
    DocumentWords.objects.update_or_create(
        document=document, defaults=fields, create_defaults=fields | {"since": now()}
    )


def _rows(documents: Iterable[str]) -> "QuerySet[DocumentWords]":
    return DocumentWords.objects.filter(pk__in=list(documents))


def _sum(rows: "QuerySet[DocumentWords]") -> int:
    return rows.filter(held__in=COUNTED).aggregate(all=Sum("words"))["all"] or 0


def _team(actor: Actor) -> str:
    assert actor.team is not None  # noqa: S101 - the caller has opened an agent of it
    return actor.team
