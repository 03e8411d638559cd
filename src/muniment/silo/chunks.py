"""The record of one chunk, and the door to the index over chunks.

`ingest` writes chunks and `retrieval` reads them; neither imports the other, so what they share lies here.

    header length(4, big-endian) | header, JSON | vector, float32 little-endian | text, UTF-8

Each chunk carries its full-precision vector: a lost segment is rebuilt from the chunks, nothing is embedded again.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from muniment.core.errors import CorruptedError
from muniment.core.registries import Registry
from muniment.silo.sealed import Record, SiloReader, SiloWriter
from muniment.silo.types import Table

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class StoredChunk:
    """`text` is the document from `start` to `end` exactly; `vector` was made by `model` from context and text.

    `page` is the one it starts on; `page_ends` are the offsets in the document at which pages end inside of it.
    """

    number: int
    document: str
    start: int
    end: int
    page: int | None
    headings: tuple[str, ...]
    context: str
    language: str | None
    model: str
    vector: Vector
    text: str
    page_ends: tuple[int, ...] = ()

    def page_at(self, position: int) -> int | None:
        """The page (from 1) of a place in the document that this chunk holds; None where there are no pages."""
        return None if self.page is None else self.page + bisect_right(self.page_ends, position)

    @property
    def embedded(self) -> str:
        """What was embedded and is indexed: the headings above, then the text."""
        return f"{self.context}\n{self.text}" if self.context else self.text

    def to_record(self) -> Record:
        fields = [
            self.start,
            self.end,
            self.page,
            self.page_ends,
            self.headings,
            self.context,
            self.language,
            self.model,
            len(self.vector),
        ]
        header = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        vector = self.vector.astype("<f4").tobytes()
        content = len(header).to_bytes(4, "big") + header + vector + self.text.encode()
        return Record(row(self.number), self.document, content)

    @classmethod
    def from_record(cls, record: Record) -> "StoredChunk":
        content = record.content
        try:
            end = 4 + int.from_bytes(content[:4], "big")
            start, stop, page, page_ends, headings, context, language, model, dimension = json.loads(content[4:end])
            vector = np.frombuffer(content, "<f4", dimension, end)
            text = content[end + 4 * dimension :].decode()
        except (ValueError, TypeError):
            raise CorruptedError(
                "A chunk of this agent does not make sense. Restore the agent from a backup."
            ) from None
        number = int.from_bytes(record.id, "big")
        return cls(
            number=number,
            document=record.group,
            start=start,
            end=stop,
            page=page,
            headings=tuple(headings),
            context=context,
            language=language,
            model=model,
            vector=vector,
            text=text,
            page_ends=tuple(page_ends),
        )


def row(number: int) -> bytes:
    """The id of a chunk's record."""
    return number.to_bytes(4, "big")


def read_chunks(reader: SiloReader, numbers: Sequence[int]) -> list[StoredChunk]:
    """The chunks that still exist, in the order asked for."""
    return [StoredChunk.from_record(record) for record in reader.get_many(Table.CHUNK, [row(n) for n in numbers])]


def chunks_of(reader: SiloReader, document: str | None = None) -> Iterator[StoredChunk]:
    return map(StoredChunk.from_record, reader.records(Table.CHUNK, group=document))


EMBEDDING_JOB = "retrieval:embed"
"""The kind of the job, one for each agent, that embeds anew what another model than the configured one embedded.

Its progress: "model" (a name), "done" and "of" (chunks).
"""


class ChunkIndex(Protocol):
    """What makes chunks findable. Filled by `retrieval`, called by who writes or erases chunks, in one transaction."""

    def add(self, writer: SiloWriter, chunks: Sequence[StoredChunk]) -> None:
        """Makes the chunks findable from the commit on."""

    def erase(self, writer: SiloWriter, numbers: Iterable[int]) -> None:
        """Rewrites every segment that held one of them under a new key; nothing of them remains in any segment."""

    def model(self, reader: SiloReader) -> str | None:
        """The name of the embedding model under which the chunks are searched; None before there is any."""

    def tidy(self, writer: SiloWriter) -> bool:
        """Merges small segments; returns whether there may be more to merge."""


chunk_index: Registry[ChunkIndex] = Registry("chunk index")
