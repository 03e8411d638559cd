"""Vectors of sentences: computed when a chunk is first answered from, then kept sealed under the document's key.

    name length(1) | name of the model | float16 little-endian, one row per sentence

Half precision, also for the fresh ones, so that the same question is answered alike from cache and from scratch.
"""

from collections.abc import Sequence

import numpy as np

from muniment.chat.answering.tables import spoken
from muniment.chat.types import Vectors
from muniment.ingest.sentences import sentences
from muniment.llm.types import Embedder
from muniment.silo.chunks import StoredChunk, row
from muniment.silo.sealed import Record, Silo
from muniment.silo.types import Table


class StoredSentenceVectors:
    """The `SentenceVectors` of one question; `keep` writes the fresh ones when the answer is out."""

    def __init__(self, silo: Silo, embedder: Embedder) -> None:
        self._silo = silo
        self._embedder = embedder
        self._name = embedder.name.encode()
        self._fresh: list[Record] = []

    def __call__(self, chunks: Sequence[StoredChunk]) -> list[Vectors]:
        with self._silo.reading() as reader:
            records = reader.get_many(Table.SENTENCES, [row(chunk.number) for chunk in chunks])
        known = {record.id: found for record in records if (found := self._read(record.content)) is not None}
        missing = [chunk for chunk in chunks if row(chunk.number) not in known]
        known.update(self._make(missing))
        return [known[row(chunk.number)] for chunk in chunks]

    def keep(self) -> None:
        """In one transaction; of a document erased meanwhile nothing is written, for its key is gone."""
        if not self._fresh:
            return
        with self._silo.writing() as writer:
            there = set(writer.existing(Table.CHUNK, [record.id for record in self._fresh]))
            writer.put(Table.SENTENCES, [record for record in self._fresh if record.id in there])
        self._fresh = []

    def _make(self, chunks: Sequence[StoredChunk]) -> dict[bytes, Vectors]:
        texts = [spoken(chunk, sentences(chunk.text)) for chunk in chunks]
        flat = self._embedder.embed([text for one in texts for text in one]).astype("<f2")
        made: dict[bytes, Vectors] = {}
        start = 0
        for chunk, one in zip(chunks, texts, strict=True):
            part = flat[start : start + len(one)]
            start += len(one)
            content = bytes([len(self._name)]) + self._name + part.tobytes()
            self._fresh.append(Record(row(chunk.number), chunk.document, content))
            made[row(chunk.number)] = part.astype(np.float32)
        return made

    def _read(self, content: bytes) -> Vectors | None:
        end = 1 + content[0]
        if content[1:end] != self._name:
            return None  # made by another model
        return np.frombuffer(content, "<f2", offset=end).reshape(-1, self._embedder.dimension).astype(np.float32)
