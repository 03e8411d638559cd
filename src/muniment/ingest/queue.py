"""Which agents have documents waiting to be read, and the job that reads them: one for each agent, by its id."""

import secrets
import time
from pathlib import Path

from django.conf import settings

from muniment.core.ids import id_bytes
from muniment.core.marks import Marks
from muniment.ingest.documents import Document
from muniment.silo.sealed import Record, SiloReader
from muniment.silo.types import Table

JOB = "ingest:documents"


def waiting_marks() -> Marks:
    return Marks(Path(settings.MUNIMENT_HOME) / "waiting")


def queue_record(document: str) -> Record:
    """Ordered by arrival; random behind the time, so that two of one moment both wait."""
    return Record(time.time_ns().to_bytes(8, "big") + secrets.token_bytes(8), document, b"")


def waiting_document(reader: SiloReader, queue: Table, row: bytes) -> Document | None:
    """The document that waits in this place of the queue; None when it was deleted or is done."""
    waiting = reader.get(queue, row)
    record = reader.get(Table.DOCUMENT, id_bytes(waiting.group)) if waiting else None
    return Document.from_record(record) if record else None
