"""A silo from one embedding model to another, while it is searched.

Chunks are embedded anew from their own records, nothing is read again. Each gets its new vector in its record and in a
staged segment beside those that are searched; when none is left, one transaction puts the staged ones in their place.
Each step commits by itself and is told from the records: a killed worker goes on with the chunk it was at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from muniment.audit.services import pending_event
from muniment.core.actors import Actor
from muniment.core.registries import RunningJob
from muniment.llm.types import Embedder
from muniment.retrieval import events
from muniment.retrieval.labels import STAGED, is_vectors, staged_label, vectors_label
from muniment.retrieval.writing import SealedIndex
from muniment.silo.chunks import chunks_of, read_chunks
from muniment.silo.sealed import Silo, SiloReader, SiloWriter
from muniment.silo.types import Table

BATCH = 64  # chunks embedded and committed at once


class Reembedding:
    """`run` once; idempotent."""

    def __init__(self, *, actor: Actor, silo: Silo, embedder: Embedder, job: RunningJob) -> None:
        self._actor = actor
        self._silo = silo
        self._embedder = embedder
        self._job = job
        self._index = SealedIndex()

    def run(self) -> None:
        """Until every chunk is searched by the new model, or until others wait: then the job comes again."""
        while True:
            with self._silo.reading() as reader:
                generation, total = reader.generation(), reader.count(Table.CHUNK)
                left = [chunk.number for chunk in chunks_of(reader) if chunk.model != self._embedder.name]
            for batch in _batches(left):
                self._say(total - len(left), total)
                self._embed(batch)
                left = left[len(batch) :]
                if left and self._job.others_wait:
                    self._job.come_again()
                    return
            if self._switch(generation):
                return

    def _say(self, done: int, total: int) -> None:
        self._job.heartbeat(progress={"model": self._embedder.name, "done": done, "of": total})

    def _embed(self, numbers: Sequence[int]) -> None:
        with self._silo.reading() as reader:
            chunks = read_chunks(reader, numbers)
        vectors = self._embedder.embed([chunk.embedded for chunk in chunks])
        fresh = {chunk.number: vector for chunk, vector in zip(chunks, vectors, strict=True)}
        with self._silo.writing() as writer:
            # Read again: of a document erased meanwhile nothing may be written any more.
            found = [
                replace(chunk, model=self._embedder.name, vector=fresh[chunk.number])
                for chunk in read_chunks(writer, numbers)
                if chunk.number in fresh
            ]
            writer.put(Table.CHUNK, [chunk.to_record() for chunk in found])
            self._index.add_vectors(writer, found)

    def _switch(self, generation: int) -> bool:
        """False when anything changed since the chunks were looked through: then they must be again."""
        with self._silo.writing() as writer:
            if writer.generation() != generation:
                return False
            if not _is_searched_by(writer, self._embedder.name):
                put_in_place(writer, self._embedder.name)
                facts = {"chunks": writer.count(Table.CHUNK)}
                event = pending_event(
                    kind=events.MODEL_CHANGED, actor=self._actor, subject=self._silo.id, silo=self._silo.id, facts=facts
                )
                writer.add_event(*event)
        more = True
        while more:
            with self._silo.writing() as writer:
                more = self._index.tidy(writer)
            self._job.heartbeat()
        return True


def _is_searched_by(reader: SiloReader, model: str) -> bool:
    """And by nothing else, with nothing left over."""
    labels = {info.label for info in reader.segments() if is_vectors(info.label) or info.label.startswith(STAGED)}
    return labels <= {vectors_label(model)}


def put_in_place(writer: SiloWriter, model: str) -> None:
    """The staged segments of this model become the searched ones; those of every other go, and their keys."""
    kept = {staged_label(model), vectors_label(model)}
    labels = [info for info in writer.segments() if is_vectors(info.label) or info.label.startswith(STAGED)]
    writer.erase_segments(info.id for info in labels if info.label not in kept)
    writer.relabel_segments(staged_label(model), vectors_label(model))


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]
