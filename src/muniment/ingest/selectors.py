"""Reading documents. The actor comes first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from muniment.agents.selectors import may
from muniment.agents.services import open_silo
from muniment.audit.services import pending_event
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError
from muniment.core.ids import id_bytes
from muniment.core.permissions import Permission
from muniment.ingest import events
from muniment.ingest.documents import Document, DocumentState, find_document
from muniment.ingest.progress import Progress
from muniment.ingest.queue import JOB
from muniment.ingest.types import ExtractedDocument
from muniment.jobs.selectors import running
from muniment.silo.sealed import SiloReader
from muniment.silo.services import originals
from muniment.silo.types import Table

if TYPE_CHECKING:
    from muniment.agents.models import Agent


@dataclass(frozen=True, slots=True)
class Opened:
    """A document with its extracted text, and whether the file itself is still kept."""

    document: Document
    text: ExtractedDocument
    has_original: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """How many documents an agent has; `working` are those still on their way in."""

    all: int
    live: int
    working: int
    failed: int


def totals(actor: Actor, agent: "Agent") -> Totals:
    """Counted without opening a record: a fact of the agent, for whoever may see it."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.AGENT_VIEW)
    with silo.reading() as reader:
        found, live, working = (reader.count(table) for table in (Table.DOCUMENT, Table.TEXT, Table.QUEUE))
    return Totals(all=found, live=live, working=working, failed=found - live - working)


def documents(actor: Actor, agent: "Agent") -> list[Document]:
    """Every document of the agent, newest first."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
    with silo.reading() as reader:
        found = [Document.from_record(record) for record in reader.records(Table.DOCUMENT)]
    return sorted(found, key=lambda document: (document.added_at, document.id), reverse=True)


def progress(actor: Actor, agent: "Agent") -> dict[str, Progress]:
    """How far documents on their way in are, by id, as the worker last said; those that only wait are missing."""
    job = running(actor, kind=JOB, key=agent.id) if may(actor, Permission.DOCUMENT_VIEW, agent) else None
    return {document: Progress.from_text(str(text)) for document, text in job.progress.items()} if job else {}


def names(actor: Actor, agent: "Agent", identifiers: set[str]) -> dict[str, str]:
    """The names of some documents, for whoever may ask the agent: a citation names its source."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    with silo.reading() as reader:
        return names_in(reader, identifiers)


def names_in(reader: SiloReader, identifiers: set[str]) -> dict[str, str]:
    """The same, for who has the silo open."""
    records = reader.get_many(Table.DOCUMENT, [id_bytes(identifier) for identifier in sorted(identifiers)])
    return {record.group: Document.from_record(record).name for record in records}


def open_document(actor: Actor, agent: "Agent", document: str) -> Opened:
    """A live document for reading at a citation: for whoever may ask the agent. Recorded as an event."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    with silo.reading() as reader:
        found = find_document(reader, document)
        text = reader.get(Table.TEXT, id_bytes(document))
    if found.state is not DocumentState.LIVE or text is None:
        raise NotFoundError("There is no such document.")
    with silo.writing() as writer:
        writer.add_event(
            *pending_event(kind=events.DOCUMENT_READ, actor=actor, subject=document, silo=silo.id, facts={})
        )
    return Opened(found, ExtractedDocument.from_bytes(text.content), originals(silo).exists(document))


def original(actor: Actor, agent: "Agent", document: str) -> Iterator[bytes]:
    """The file as it was uploaded, piece by piece."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    return originals(silo).read(document)
