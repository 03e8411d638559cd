"""Which agents have documents waiting to be read, and the job that reads them: one for each agent, by its id."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from muniment.core.ids import id_bytes
from muniment.core.marks import Marks
from muniment.ingest.documents import Document, DocumentState
from muniment.silo.sealed import Record, SiloReader, SiloWriter
from muniment.silo.types import Table

JOB = "ingest:documents"


def waiting_marks() -> Marks:
    return Marks(Path(settings.MUNIMENT_HOME) / "waiting")


def queue_record(document: str) -> Record:
    """Ordered by arrival; random behind the time, so that two of one moment both wait."""
    return Record(time.time_ns().to_bytes(8, "big") + secrets.token_bytes(8), document, b"")


def outdated_documents(reader: SiloReader, stamp: str) -> list[Document]:
    """The live documents that are masked otherwise than the rules of this stamp do."""
    found = (Document.from_record(record) for record in reader.records(Table.DOCUMENT))
    return [one for one in found if one.state is DocumentState.LIVE and one.masking != stamp]


def queue_again(writer: SiloWriter, documents: Sequence[Document]) -> None:
    """Has live documents masked and indexed anew: each is tried as if for the first time, and waits once."""
    waiting = writer.groups(Table.AGAIN)
    writer.put(Table.DOCUMENT, [replace(one, attempts=0, error="").to_record() for one in documents])
    writer.put(Table.AGAIN, [queue_record(one.id) for one in documents if id_bytes(one.id) not in waiting])


def waiting_document(reader: SiloReader, queue: Table, row: bytes) -> Document | None:
    """The document that waits in this place of the queue; None when it was deleted or is done."""
    waiting = reader.get(queue, row)
    record = reader.get(Table.DOCUMENT, id_bytes(waiting.group)) if waiting else None
    return Document.from_record(record) if record else None
