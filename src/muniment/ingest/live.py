"""Writes documents that were read, masked and embedded live: records and index in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from muniment.agents.selectors import masking_in
from muniment.agents.types import Masking, MaskingMode
from muniment.audit.services import pending_event
from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.core.ids import id_bytes
from muniment.ingest import events
from muniment.ingest.after_reading import erase_as_asked
from muniment.ingest.documents import Document, DocumentState
from muniment.ingest.masking import Hidden
from muniment.ingest.queue import queue_record
from muniment.ingest.services import erase
from muniment.ingest.types import Chunk
from muniment.llm.types import Vectors
from muniment.silo.chunks import StoredChunk, chunk_index
from muniment.silo.sealed import Record, Silo, SiloWriter
from muniment.silo.types import Table


@dataclass(frozen=True, slots=True)
class Read:
    """A document that was read, masked and cut."""

    hidden: Hidden
    masking: Masking
    along: tuple[str, ...]
    """What beside the text was read with it."""
    chunks: list[Chunk]


@dataclass(slots=True)
class Ready:
    """The same on its way to being live, with its vectors as far as they are made. `row`: its place in the queue."""

    document: Document
    row: bytes
    read: Read
    vectors: list[Vectors] = field(default_factory=list)


class LiveWriter:
    def __init__(self, *, actor: Actor, silo: Silo, model: str) -> None:
        """`model` names what made the vectors."""
        self._actor = actor
        self._silo = silo
        self._model = model

    def write(self, writer: SiloWriter, group: Sequence[Ready]) -> list[str]:
        """Makes the documents live in place of what they replace; returns those whose files go: of what was replaced,
        and of what is deleted after reading.

        What was masked otherwise than is chosen by now is live for who may read it, and waits to be masked again; so
        does what was read otherwise.
        """
        masking = masking_in(self._silo, writer)
        gone: list[str] = []
        stored: list[StoredChunk] = []
        outdated: list[int] = []
        replaced = {older for ready in group for older in ready.document.replaces}
        gone += erase(writer, replaced, actor=self._actor, silo=self._silo)
        for ready in group:
            if ready.document.id in replaced:  # by a later one of the group, whichever was read first
                continue
            ready.document = erase_as_asked(writer, ready.document, actor=self._actor, silo=self._silo, read=True)
            gone += [ready.document.id] if ready.document.original_erased else []
            outdated += _taken_out(writer, ready.document)
            stored += self._store(writer, ready)
            if masking.stamp != ready.read.masking.stamp or _live(ready, 0).is_read_otherwise:
                _queue_again(writer, ready)
        if outdated:
            chunk_index.get("chunks").erase(writer, outdated)
        if stored:
            chunk_index.get("chunks").add(writer, stored)
        return gone

    def _store(self, writer: SiloWriter, ready: Ready) -> Iterator[StoredChunk]:
        """Writes one document; yields its chunks for the index."""
        document, hidden, pieces = ready.document, ready.read.hidden, ready.read.chunks
        text, first = hidden.working, writer.take_numbers(len(pieces))
        stored = [
            StoredChunk(
                number=first + offset,
                document=document.id,
                start=piece.start,
                end=piece.end,
                page=piece.page,
                page_ends=text.page_ends(piece.start, piece.end),
                headings=piece.headings,
                context=piece.context,
                language=text.language,
                model=self._model,
                vector=np.asarray(vector, dtype=np.float32),
                text=piece.text,
            )
            for offset, (piece, vector) in enumerate(zip(pieces, ready.vectors, strict=True))
        ]
        writer.put(Table.CHUNK, [one.to_record() for one in stored])
        writer.put(Table.TEXT, [Record(id_bytes(document.id), document.id, hidden.text.to_bytes())])
        writer.put(Table.MASK, [hidden.mask.to_record(document.id)] if hidden.mask.places else [])
        writer.put(Table.DOCUMENT, [_live(ready, len(stored)).to_record()])
        facts = {"chunks": len(stored), "masked": len(hidden.mask.places)}
        writer.add_event(
            *pending_event(
                kind=events.DOCUMENT_INDEXED, actor=self._actor, subject=document.id, silo=self._silo.id, facts=facts
            )
        )
        yield from stored


def _taken_out(writer: SiloWriter, document: Document) -> list[int]:
    """Takes out what an earlier masking left of a live document; returns the numbers its chunks had."""
    rows = writer.ids(Table.CHUNK, group=document.id)
    for table in (Table.CHUNK, Table.SENTENCES, Table.MASK):
        writer.delete(table, writer.ids(table, group=document.id))
    return [int.from_bytes(row, "big") for row in rows]


def _queue_again(writer: SiloWriter, ready: Ready) -> None:
    writer.put(Table.DOCUMENT, [replace(_live(ready, len(ready.vectors)), attempts=0).to_record()])
    writer.put(Table.AGAIN, [queue_record(ready.document.id)])


def _live(ready: Ready, chunks: int) -> Document:
    hidden, masking = ready.read.hidden, ready.read.masking
    return replace(
        ready.document,
        name=hidden.name if masking.mode is MaskingMode.MASK else ready.document.name,
        state=DocumentState.LIVE,
        media_type=hidden.text.media_type,
        title=hidden.text.title,
        language=hidden.text.language,
        pages=len(hidden.text.pages),
        words=hidden.text.words,
        chunks=chunks,
        marks=tuple(dict.fromkeys(mark.kind for mark in hidden.text.marks)),
        reads_along=ready.read.along if ready.document.original_erased else ready.document.reads_along,
        read_along=ready.read.along,
        pictures=len(hidden.text.pictures),
        replaces=(),
        error="",
        working_name=hidden.name,
        masking=masking.stamp,
        masked=len(hidden.mask.places),
        masked_of={kind.value: count for kind, count in hidden.mask.counts.items()},
        indexed_at=now().isoformat(timespec="milliseconds"),
        is_masked_for_good=masking.mode is MaskingMode.MASK,
    )
