"""What documents take of their team's words, put down as it stands in the silo (docs/decisions/0025-credits.md).

The silo commits by itself. What it then holds is put down under its lock, so that of two who change it the later one's
is what stays. A kill between the two leaves a difference: `compare` finds it, at each start, every hour, and each day
with all numbers.
"""

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from muniment.agents.selectors import live_agents
from muniment.agents.services import open_silo
from muniment.core.actors import SYSTEM, Actor, system_in
from muniment.core.errors import CorruptedError, NotFoundError, TransientError
from muniment.core.ids import id_bytes, id_from_bytes
from muniment.core.permissions import Permission
from muniment.credits.services import record_correction, store_words, stored_words, teams_that_wait
from muniment.credits.types import SPACE_JOB, Held
from muniment.crypto.errors import KeyDestroyedError
from muniment.ingest.documents import Document, DocumentState
from muniment.jobs.services import enqueue
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.sealed import Silo, SiloReader
from muniment.silo.types import Table

if TYPE_CHECKING:
    from muniment.agents.models import Agent

_TOGETHER = 500


class _Standing(TypedDict):
    """See `credits.storage.store_words`."""

    live: dict[str, int]
    waiting: dict[str, int]
    queued: set[str]
    gone: set[str]


@dataclass(frozen=True, slots=True)
class Counted:
    """`documents` were put down otherwise than they stand, with `words` too many in sum. `agents` were looked at."""

    agents: int = 0
    documents: int = 0
    words: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(self.agents + other.agents, self.documents + other.documents, self.words + other.words)


def put_down(*, actor: Actor, silo: Silo, documents: Collection[str]) -> None:
    """What these documents take by now. Idempotent."""
    every = list(dict.fromkeys(documents))
    for start in range(0, len(every), _TOGETHER):
        some = every[start : start + _TOGETHER]
        with silo.writing() as writer:
            store_words(actor=actor, silo=silo.id, **_as_it_stands(writer, some))


def count_words(*, thorough: bool, beat: Callable[[], None] = lambda: None) -> Counted:
    """Compares every agent with what is put down, and puts that right. For the system and the operator."""
    found = Counted()
    for agent in live_agents(SYSTEM):
        found += count_words_of(agent, thorough=thorough)
        beat()
    for team in teams_that_wait():
        enqueue(actor=system_in(team), kind=SPACE_JOB, payload={}, key=team)
    return found


def count_words_of(agent: "Agent", *, thorough: bool) -> Counted:
    """The same with one agent; one that cannot be opened is left as it is."""
    actor = system_in(agent.team_id)
    with suppress(NotFoundError, KeyDestroyedError, SiloDestroyedError, CorruptedError, TransientError):
        silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_CREATE)
        return compare(actor=actor, silo=silo, thorough=thorough)
    return Counted()


def compare(*, actor: Actor, silo: Silo, thorough: bool) -> Counted:
    """`thorough` opens every record; else documents that are not put down, or no longer there, are found alone."""
    with silo.reading() as reader:
        live, held = (_ids(reader, table) for table in (Table.TEXT, Table.HELD))
        under_way = _ids(reader, Table.QUEUE)
        counted = {one.id: one.words for one in _documents(reader)} if thorough else {}
    known = stored_words(silo.id)
    stood = {one for one, (how, _) in known.items() if how is Held.STORED}
    waits = {one for one, (how, _) in known.items() if how is Held.WAITING}
    taken = {one for one, (how, _) in known.items() if how is Held.RESERVED} - under_way  # of a process that died
    wrong = (stood ^ live) | (waits ^ held) | taken
    wrong |= {one for one in stood & live if thorough and counted.get(one) != known[one][1]}
    if not wrong:
        return Counted(agents=1)
    before = _sum(silo.id)
    put_down(actor=actor, silo=silo, documents=wrong)
    off = before - _sum(silo.id)
    record_correction(actor=actor, silo=silo.id, documents=len(wrong), words=off)
    return Counted(1, len(wrong), off)


def _as_it_stands(reader: SiloReader, documents: Collection[str]) -> "_Standing":
    records = reader.get_many(Table.DOCUMENT, [id_bytes(one) for one in documents])
    found = {one.id: one for one in map(Document.from_record, records)}
    live = {one.id: one.words for one in found.values() if one.state is DocumentState.LIVE}
    waiting = {one.id: one.needs for one in found.values() if one.state is DocumentState.WAITING}
    queued = {one.id for one in found.values() if one.state is DocumentState.QUEUED}
    gone = set(documents) - {*live, *waiting, *queued}
    return {"live": live, "waiting": waiting, "queued": queued, "gone": gone}


def _documents(reader: SiloReader) -> Iterable[Document]:
    return map(Document.from_record, reader.records(Table.DOCUMENT))


def _ids(reader: SiloReader, table: Table) -> set[str]:
    return {id_from_bytes(group) for group in reader.groups(table)}


def _sum(silo: str) -> int:
    return sum(words for how, words in stored_words(silo).values() if how is not Held.WAITING)
