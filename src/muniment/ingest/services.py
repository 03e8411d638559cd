"""Taking documents in and erasing them."""

import hashlib
from collections.abc import Callable, Collection, Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings

from muniment.agents import services as agents
from muniment.agents.selectors import deletes, live_agents, masking_in, reads_along
from muniment.agents.services import open_silo
from muniment.agents.types import AtOnce, MaskingRules, ReadAlong
from muniment.audit.services import pending_event
from muniment.audit.types import Grade
from muniment.core.actors import SYSTEM, Actor, system_in
from muniment.core.clock import now
from muniment.core.errors import CorruptedError, TransientError
from muniment.core.ids import id_bytes
from muniment.core.permissions import Permission
from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.types import KeyKind
from muniment.ingest import events
from muniment.ingest.after_reading import erase_original
from muniment.ingest.documents import Document, DocumentState, display_name, find_document
from muniment.ingest.errors import UploadTooLargeError
from muniment.ingest.queue import JOB, outdated_documents, queue_again, queue_record, waiting_marks
from muniment.ingest.space import Counted, count_words, count_words_of, put_down
from muniment.jobs.services import enqueue
from muniment.silo.chunks import chunk_index
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.sealed import Record, Silo, SiloReader, SiloWriter
from muniment.silo.services import originals
from muniment.silo.types import GROUP_KEY, Table

if TYPE_CHECKING:
    from muniment.agents.models import Agent

__all__ = [
    "Added",
    "Counted",
    "add_document",
    "change_deletion",
    "change_masking",
    "change_reading",
    "count_at_start",
    "count_words",
    "count_words_of",
    "delete_documents",
    "delete_originals",
    "enqueue_waiting",
    "mark_waiting",
    "retry_documents",
    "upload_limit",
]
_TABLES = tuple(table for table, kind in GROUP_KEY.items() if kind is KeyKind.DOCUMENT)


@dataclass(frozen=True, slots=True)
class Added:
    """`duplicate`: the same bytes were there already, and `document` is the one that was. `name`: as it is shown."""

    document: str
    duplicate: bool
    name: str


def upload_limit() -> int:
    """Bytes that one file may have."""
    return int(settings.MUNIMENT_UPLOAD_LIMIT) * 2**20


def add_document(
    *, actor: Actor, agent: "Agent", name: str, source: Iterable[bytes], delete_original: bool = False
) -> Added:
    """Streams an upload sealed into the home and queues it. A file of the same name is replaced once this one is live.

    `delete_original`: the file itself is deleted as soon as it was read, or cannot be; so it is wherever the agent says
    so for all its files. A file that was here already stays as it was: the answer says that it was.

    Whether the actor may is asked before the first byte is taken from `source`. When `source` ends early by raising,
    or the disk is full, or the file is too large, nothing is left of it.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_CREATE)
    arrival = Arrival(
        actor,
        silo,
        display_name(name),
        added_by=actor.ref,
        treatment=lambda: Treatment(
            delete_original or deletes(actor, agent).originals, tuple(map(str, reads_along(actor, agent)))
        ),
    )
    added = take_in(arrival, source, before_queued=lambda: waiting_marks().set(agent.id))
    enqueue(actor=actor, kind=JOB, payload={"agent": agent.id}, key=agent.id)
    return added


@dataclass(frozen=True, slots=True)
class Treatment:
    """What an owner chose to be done with a file; see the fields of `Document`."""

    delete_original: bool
    reads_along: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file on its way into a silo. `archive`: the name of the one it comes out of, if any.

    `treatment` is asked once the file is here: what an owner decides while it comes in counts.
    """

    actor: Actor
    silo: Silo
    name: str
    added_by: str
    treatment: Callable[[], Treatment]
    archive: str = ""


def take_in(arrival: Arrival, source: Iterable[bytes], *, before_queued: Callable[[], None] = lambda: None) -> Added:
    """Seals a file into the home and queues it, for who has the silo open. Nothing is left of one that breaks off."""
    silo = arrival.silo
    document = silo.new_group(KeyKind.DOCUMENT, also=[KeyKind.ORIGINAL])
    upload = _Upload(source, upload_limit())
    kept = False
    try:
        with originals(silo).written(document, upload) as size:
            before_queued()
            added = _queue(arrival, document, size, upload.digest())
            kept = not added.duplicate
    finally:
        if not kept:
            originals(silo).remove(document)
            silo.keyring.destroy([silo.key(kind, document) for kind in (KeyKind.DOCUMENT, KeyKind.ORIGINAL)])
    return added


def delete_documents(*, actor: Actor, agent: "Agent", documents: Iterable[str]) -> int:
    """Erases documents for ever: records, chunks, every trace in the index, then their keys. Returns how many."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_DELETE)
    with silo.writing() as writer:
        gone = erase(writer, documents, actor=actor, silo=silo)
    for document in gone:
        originals(silo).remove(document)
    put_down(actor=actor, silo=silo, documents=gone)
    return len(gone)


def retry_documents(*, actor: Actor, agent: "Agent", documents: Iterable[str]) -> int:
    """Queues those of the documents that failed again, where their file is still here, also live ones that could not be
    masked anew. Returns how many. Raises NotFoundError, with nothing done.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_UPDATE)
    waiting_marks().set(agent.id)
    with silo.writing() as writer:
        found = [find_document(writer, document) for document in dict.fromkeys(documents)]
        failed = [one for one in found if one.state is DocumentState.FAILED and not one.original_erased]
        outdated = [one for one in found if one.state is DocumentState.LIVE and one.error]
        again = [replace(one, state=DocumentState.QUEUED, attempts=0, error="") for one in failed]
        writer.put(Table.DOCUMENT, [one.to_record() for one in again])
        writer.put(Table.QUEUE, [queue_record(one.id) for one in again])
        queue_again(writer, outdated)
    if again or outdated:
        enqueue(actor=actor, kind=JOB, payload={"agent": agent.id}, key=agent.id)
    return len(again) + len(outdated)


def enqueue_waiting() -> None:
    """Turns marks left by uploads into jobs, so that an upload whose process died before enqueuing is still read."""
    with waiting_marks().taken() as marked:
        for identifier in marked:
            agent = live_agents(SYSTEM).filter(pk=identifier).first()
            if agent is not None:
                enqueue(actor=system_in(agent.team_id), kind=JOB, payload={"agent": agent.id}, key=agent.id)


def mark_waiting() -> None:
    """At start: marks every agent with a queued document, since a mark may have been lost with who took it."""
    for agent in live_agents(SYSTEM):
        with suppress(KeyDestroyedError, SiloDestroyedError, CorruptedError, TransientError):
            silo = open_silo(actor=system_in(agent.team_id), agent=agent, permission=Permission.DOCUMENT_CREATE)
            with silo.reading() as reader:
                if reader.count(Table.QUEUE) or reader.count(Table.AGAIN):
                    waiting_marks().set(agent.id)


def count_at_start() -> None:
    """What was killed between a silo and the count of its words is found."""
    count_words(thorough=False)


def change_masking(*, actor: Actor, agent: "Agent", rules: MaskingRules) -> int:
    """Masks by these rules from now on. Returns how many live documents are masked and indexed again, behind.

    Until its turn comes a document answers as it was indexed, but only for who may read the documents. A document that
    was masked for good, and whose file is deleted, is masked further and never back: `masked.MaskingCost`.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.AGENT_UPDATE)
    waiting_marks().set(agent.id)
    with silo.writing() as writer:
        agents.change_masking(actor=actor, agent=agent, silo=silo, writer=writer, rules=rules)
        outdated = outdated_documents(writer, masking_in(silo, writer).stamp)
        queue_again(writer, outdated)
    if outdated:
        enqueue(actor=actor, kind=JOB, payload={"agent": agent.id}, key=agent.id)
    return len(outdated)


def change_reading(*, actor: Actor, agent: "Agent", along: Collection[ReadAlong]) -> int:
    """Reads this along with the text of each file from now on. Returns how many live documents are read again, behind.

    One whose file is deleted stays as it was read.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.AGENT_UPDATE)
    waiting_marks().set(agent.id)
    agents.change_reading(actor=actor, agent=agent, along=along)
    files, wanted = originals(silo), tuple(sorted(map(str, along)))
    with silo.writing() as writer:  # behind the decision: what is queued later has asked for it (`Arrival`)
        found = map(Document.from_record, writer.records(Table.DOCUMENT))
        kept = [replace(one, reads_along=wanted) for one in found if files.exists(one.id)]
        writer.put(Table.DOCUMENT, [one.to_record() for one in kept])
        outdated = [one for one in kept if one.state is DocumentState.LIVE and one.is_read_otherwise]
        queue_again(writer, outdated)
    if outdated:
        enqueue(actor=actor, kind=JOB, payload={"agent": agent.id}, key=agent.id)
    return len(outdated)


def change_deletion(*, actor: Actor, agent: "Agent", deletes: AtOnce) -> None:
    """What is deleted at once from now on; of files also those that wait to be read. All others are kept:
    `delete_originals` is an act of its own.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.AGENT_UPDATE)
    agents.change_deletion(actor=actor, agent=agent, deletes=deletes)
    if deletes.originals:
        with silo.writing() as writer:  # behind the decision: what is queued later has asked for it (`Arrival`)
            waiting = [Document.from_record(one) for one in _waiting(writer)]
            writer.put(Table.DOCUMENT, [replace(one, delete_original=True).to_record() for one in waiting])


def delete_originals(*, actor: Actor, agent: "Agent") -> list[str]:
    """Deletes every file that is kept and not waiting to be read; the texts stay. Returns the documents they were of.

    A document that could not be read stays as a line that says why.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_DELETE)
    files = originals(silo)
    with silo.writing() as writer:
        waiting = {record.group for record in _waiting(writer)}
        found = writer.get_many(Table.DOCUMENT, [id_bytes(one) for one in files.documents() if one not in waiting])
        kept = [one for one in map(Document.from_record, found) if not one.original_erased]
        erased = [
            erase_original(writer, one, actor=actor, silo=silo, read=one.state is DocumentState.LIVE) for one in kept
        ]
        writer.put(Table.DOCUMENT, [one.to_record() for one in erased])
    for document in erased:
        files.remove(document.id)
    return [document.id for document in erased]


def _waiting(reader: SiloReader) -> list[Record]:
    """The documents that wait to be read for the first time, or for space: their files are still needed."""
    queued = (record.group for table in (Table.QUEUE, Table.HELD) for record in reader.records(table))
    return reader.get_many(Table.DOCUMENT, [id_bytes(document) for document in queued])


def erase(writer: SiloWriter, documents: Iterable[str], *, actor: Actor, silo: Silo) -> list[str]:
    """Erases documents within the caller's transaction; their keys follow the commit. Returns those that were there.

    Each segment of the index is rewritten once, however many documents leave it.
    """
    found = map(Document.from_record, writer.get_many(Table.DOCUMENT, [id_bytes(document) for document in documents]))
    there = {document.id: document for document in found}
    numbers: list[int] = []
    for document, record in there.items():
        _hand_name_back(writer, record, silo=silo, gone=there)
        own = [int.from_bytes(row, "big") for row in writer.ids(Table.CHUNK, group=document)]
        writer.erase_group(_TABLES, document, also=[KeyKind.ORIGINAL])
        facts = {"chunks": len(own), "grade": Grade.KEY_DESTROYED}
        writer.add_event(
            *pending_event(kind=events.DOCUMENT_ERASED, actor=actor, subject=document, silo=silo.id, facts=facts)
        )
        numbers += own
    if numbers:
        chunk_index.get("chunks").erase(writer, numbers)
    return list(there)


def _hand_name_back(writer: SiloWriter, document: Document, *, silo: Silo, gone: Container[str]) -> None:
    """The newest version before it that stays has the name again: else the next one would come to stand beside it."""
    before = [one for one in document.replaces if one not in gone and writer.existing(Table.DOCUMENT, [id_bytes(one)])]
    names = set(writer.ids(Table.LOOKUP, group=document.id)) - {silo.lookup("digest", document.digest)}
    writer.put(Table.LOOKUP, [Record(name, one, b"") for one in before[:1] for name in names])


def _is_newest(writer: SiloWriter, document: str) -> bool:
    """Its name is still its own: no later version waits that will take it away."""
    return len(writer.ids(Table.LOOKUP, group=document)) > 1


def _queue(arrival: Arrival, document: str, size: int, digest: str) -> Added:
    """Commits the document as queued, unless the same bytes are there: then it names the document that holds them."""
    actor, silo = arrival.actor, arrival.silo
    by_name, by_digest = silo.lookup("name", arrival.name), silo.lookup("digest", digest)
    with silo.writing() as writer:  # one at a time: of two uploads of the same file at once the second is a duplicate
        same, older = (writer.get(Table.LOOKUP, row) for row in (by_digest, by_name))
        failed = find_document(writer, same.group) if same and _is_newest(writer, same.group) else None
        if failed is not None and failed.state is not DocumentState.FAILED:
            return Added(failed.id, duplicate=True, name=arrival.name)
        replaces = (older.group, *find_document(writer, older.group).replaces) if older else ()
        treatment = arrival.treatment()
        if failed is not None:  # this is the second try, in the place of the first
            erase(writer, [failed.id], actor=actor, silo=silo)
            replaces = tuple(one for one in replaces if one != failed.id)
        record = Document(
            id=document,
            name=arrival.name,
            size=size,
            digest=digest,
            added_at=now().isoformat(timespec="milliseconds"),
            added_by=arrival.added_by,
            replaces=replaces,
            archive=arrival.archive,
            delete_original=treatment.delete_original,
            reads_along=treatment.reads_along,
        ).to_record()
        writer.put(Table.DOCUMENT, [record])
        writer.put(Table.LOOKUP, [Record(by_name, document, b""), Record(by_digest, document, b"")])
        writer.put(Table.QUEUE, [queue_record(document)])
        writer.add_event(
            *pending_event(
                kind=events.DOCUMENT_ADDED, actor=actor, subject=document, silo=silo.id, facts={"bytes": size}
            )
        )
    if failed is not None:
        originals(silo).remove(failed.id)
    return Added(document, duplicate=False, name=arrival.name)


class _Upload:
    """Counts and digests what passes; iterable once."""

    def __init__(self, source: Iterable[bytes], limit: int) -> None:
        self._source = source
        self._limit = limit
        self._hash = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for piece in self._source:
            size += len(piece)
            if size > self._limit:  # while it streams: a file is never first stored and then found too large
                raise UploadTooLargeError(self._limit)
            self._hash.update(piece)
            yield piece

    def digest(self) -> str:
        return self._hash.hexdigest()
