"""What of an agent's documents is masked, how far masking anew is, and what a change of the rules would cost."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from muniment.agents.selectors import may, read_rules, read_wanted, sees_names, stamp
from muniment.agents.services import open_silo
from muniment.agents.types import MaskingMode, MaskingRules
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.ingest.documents import Document, DocumentState, find_document
from muniment.ingest.masking import Place, read_mask
from muniment.ingest.queue import outdated_documents
from muniment.ingest.types import MaskingCost
from muniment.llm.services import local_embedder
from muniment.pii.services import find_personal_data
from muniment.pii.types import PiiClass, Selection
from muniment.silo.chunks import StoredChunk
from muniment.silo.sealed import Silo, SiloReader
from muniment.silo.services import originals
from muniment.silo.types import Table

if TYPE_CHECKING:
    from muniment.agents.models import Agent

SAMPLE = 8  # chunks of a document on which the pace of this machine is measured: about a second
_ENOUGH = 4  # chunks: a shorter document says less of the pace
_BESIDE = 1.25  # cutting, postings and commits go on beside masking and embedding, and take a fourth as long
_EACH = 0.02  # seconds for a document, however short
_MOST_WORDS = 500  # shown of one document
_KEPT = 256  # agents whose sums are remembered


@dataclass(frozen=True, slots=True)
class MaskingState:
    """How an agent masks, and how many of its live documents wait to be masked anew."""

    mode: MaskingMode
    classes: frozenset[PiiClass]
    live: int
    again: int
    is_corrected: bool
    """Corrections wait to be applied; False for who may not change the agent."""

    @property
    def done(self) -> int:
        return max(self.live - self.again, 0)

    @property
    def is_on(self) -> bool:
        return self.mode is not MaskingMode.OFF

    @property
    def in_order(self) -> list[PiiClass]:
        return [kind for kind in PiiClass if kind in self.classes]


@dataclass(frozen=True, slots=True)
class Sums:
    """Over all live documents: items by class, and when the last one was indexed.

    `failed` stand as they were, since they could not be masked anew.
    """

    items: Counter[PiiClass]
    failed: int
    indexed_at: datetime | None

    @property
    def in_order(self) -> list[tuple[PiiClass, int]]:
        """The most frequent first."""
        return self.items.most_common()


@dataclass(frozen=True, slots=True)
class MaskedWord:
    kind: PiiClass
    words: str
    instead: str
    count: int


@dataclass(frozen=True, slots=True)
class MaskedIn:
    """What was masked in one document.

    `words` is None for who does not see names, and empty where they are kept nowhere.
    """

    counts: Counter[PiiClass]
    words: tuple[MaskedWord, ...] | None
    is_for_good: bool
    is_current: bool
    """Masked by the rules that hold now."""

    @property
    def in_order(self) -> list[tuple[PiiClass, int]]:
        """The most frequent first."""
        return self.counts.most_common()


def masking_state(actor: Actor, agent: "Agent") -> MaskingState:
    """Facts of the agent, for whoever may see it; none of its documents is opened."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.AGENT_VIEW)
    with silo.reading() as reader:
        rules = read_rules(reader)
        live, again = reader.count(Table.TEXT), reader.count(Table.AGAIN)
        is_corrected = may(actor, Permission.AGENT_UPDATE, agent) and read_wanted(reader) != rules
    return MaskingState(rules.mode, rules.selection.classes, live, again, is_corrected)


class _Sums:
    """The sums of agents whose documents did not change since they were opened for them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, tuple[tuple[int, int], Sums]] = {}

    def of(self, silo: Silo) -> Sums:
        with silo.reading() as reader:
            now = reader.generation(), silo.epoch()
            with self._lock:
                then, sums = self._known.get(silo.id, (None, None))
            if sums is None or then != now:
                sums = _summed(Document.from_record(record) for record in reader.records(Table.DOCUMENT))
        with self._lock:
            self._known.pop(silo.id, None)
            self._known[silo.id] = now, sums
            for oldest in list(self._known)[:-_KEPT]:
                del self._known[oldest]
        return sums


_sums = _Sums()


def masked_sums(actor: Actor, agent: "Agent") -> Sums:
    """Facts of the agent, for whoever may see it. Opens each document's record once after each change of any."""
    return _sums.of(open_silo(actor=actor, agent=agent, permission=Permission.AGENT_VIEW))


def _summed(documents: Iterable[Document]) -> Sums:
    live = [one for one in documents if one.state is DocumentState.LIVE]
    items: Counter[PiiClass] = Counter()
    for one in live:
        items.update({PiiClass(kind): count for kind, count in one.masked_of.items()})
    last = max((one.indexed_at for one in live), default="")
    failed = sum(bool(one.error) for one in live)
    return Sums(items, failed, datetime.fromisoformat(last) if last else None)


def masking_cost(actor: Actor, agent: "Agent", rules: MaskingRules) -> MaskingCost:
    """What it takes to mask by these rules, before anything is done. Measures this machine for about a second.

    Raises DetectorModelError and what `find_personal_data` raises while the detector is down.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.AGENT_UPDATE)
    with silo.reading() as reader:
        outdated, live = outdated_documents(reader, stamp(rules)), reader.count(Table.TEXT)
        sample = _sample(reader, outdated)
    lost = [one for one in outdated if not originals(silo).exists(one.id)]
    words = sum(one.words for one in outdated)
    return MaskingCost(
        documents=len(outdated),
        words=words,
        pieces=sum(one.chunks for one in outdated),
        seconds=_BESIDE * words * _seconds_a_word(sample, rules) + _EACH * len(outdated),
        live=live,
        for_good=len(lost) if rules.mode is MaskingMode.MASK else 0,
        beyond=sum(one.is_masked_for_good for one in lost),
    )


def masked_in(actor: Actor, agent: "Agent", document: str) -> MaskedIn:
    """For whoever may open the document; its words for who sees names alone."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    with silo.reading() as reader:
        found, mask = find_document(reader, document), read_mask(reader, document)
        current = stamp(read_rules(reader))
    if found.state is not DocumentState.LIVE:
        raise NotFoundError("There is no such document.")
    words = _words(mask.places) if sees_names(actor, agent) else None
    return MaskedIn(mask.counts, words, found.is_masked_for_good, found.masking == current)


def _words(places: Sequence[Place]) -> tuple[MaskedWord, ...]:
    """Each once, in the order of the text."""
    found = Counter((one.kind, one.words, one.instead) for one in places if one.words)
    return tuple(MaskedWord(*one, count) for one, count in islice(found.items(), _MOST_WORDS))


def _sample(reader: SiloReader, documents: Sequence[Document]) -> list[str]:
    """Pieces of one of the documents; of a short one, since all of a long one's would have to be counted."""
    enough = [one for one in documents if one.chunks >= _ENOUGH]
    chosen = min(enough, key=_chunks) if enough else max(documents, key=_chunks, default=None)
    if chosen is None:
        return []
    rows = reader.ids(Table.CHUNK, group=chosen.id, first=SAMPLE)
    return [StoredChunk.from_record(record).text for record in reader.get_many(Table.CHUNK, rows)]


def _chunks(document: Document) -> int:
    return document.chunks


def _seconds_a_word(sample: Sequence[str], rules: MaskingRules) -> float:
    """How long masking and embedding take now, on this machine, as busy as it is, by these rules."""
    words = sum(len(text.split()) for text in sample)
    if not words:
        return 0.0
    model = local_embedder()
    model.embed(["warm"])
    find_personal_data("warm", selection=Selection())  # loading the models is no part of the pace
    begun = time.perf_counter()
    if rules.mode is not MaskingMode.OFF:
        find_personal_data("\n\n".join(sample), selection=rules.selection)
    model.embed(sample)
    return (time.perf_counter() - begun) / words
