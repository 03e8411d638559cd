"""Sealed segments: written with the chunks, merged when they are small, rewritten when a chunk goes.

A segment is immutable and sealed under a key of its own (silo.sealed). Whatever replaces one seals the new one under a
new key and destroys the old key, so that no older copy, in no backup, can still be opened.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import log

import numpy as np

from muniment.retrieval.analysis import analyse
from muniment.retrieval.labels import POSTINGS, active_model, models_of, staged_label, vectors_label
from muniment.retrieval.languages import uses_vectors
from muniment.retrieval.postings import PostingsSegment
from muniment.retrieval.types import SEGMENT_CHUNKS, among
from muniment.retrieval.vectors import VectorSegment
from muniment.silo.chunks import StoredChunk, chunks_of
from muniment.silo.sealed import SiloReader, SiloWriter
from muniment.silo.types import SegmentInfo

FACTOR = 4  # so many segments of about the same size become one: a chunk is rewritten about log4(16,384) = 7 times
Segment = PostingsSegment | VectorSegment


class SealedIndex:
    """The `ChunkIndex` of the embedded search."""

    def add(self, writer: SiloWriter, chunks: Sequence[StoredChunk]) -> None:
        for language, some in _grouped(chunks, lambda chunk: chunk.language or ""):
            for part in _parts(some):
                terms = ((chunk.number, analyse(chunk.embedded, language=language)) for chunk in part)
                _put(writer, f"{POSTINGS}{language}", PostingsSegment.build(terms, language=language))
        self.add_vectors(writer, chunks)

    def add_vectors(self, writer: SiloWriter, chunks: Sequence[StoredChunk]) -> None:
        """Where they are searched when their model is the silo's, beside that when it is not, or not yet.

        Invariant: the segments that are searched hold vectors of one model. Attack stopped: none; two models' numbers
        compared give an order that means nothing, and nobody would see it.
        """
        for model, some in _grouped(chunks, lambda chunk: chunk.model):
            used = [chunk for chunk in some if uses_vectors(chunk.language, model)]
            label = vectors_label(model) if (self.model(writer) or model) == model else staged_label(model)
            for part in _parts(used):
                segment = VectorSegment.build([chunk.number for chunk in part], np.stack([one.vector for one in part]))
                _put(writer, label, segment)

    def model(self, reader: SiloReader) -> str | None:
        return active_model(reader.segments())

    def models(self, reader: SiloReader) -> set[str]:
        """Every model that any segment holds vectors of."""
        return models_of(reader.segments())

    def erase(self, writer: SiloWriter, numbers: Iterable[int]) -> None:
        gone = sorted(set(numbers))
        for info in writer.segments():
            if bisect_left(gone, info.first) == bisect_right(gone, info.last):
                continue
            segment = _open(writer, info)
            if segment is None or not among(segment.numbers, gone).any():
                continue
            writer.erase_segments([info.id])
            rest = segment.without(gone)
            if len(rest.numbers):
                _put(writer, info.label, rest)

    def tidy(self, writer: SiloWriter) -> bool:
        """Merges one group of segments of about the same size, if there is one."""
        tiers: dict[tuple[str, int], list[SegmentInfo]] = defaultdict(list)
        for info in writer.segments():
            tiers[info.label, int(log(max(info.chunks, 1), FACTOR))].append(info)
        for _, group in sorted(tiers.items()):
            fitting = _fitting(group)
            if len(fitting) >= FACTOR:
                return _merge(writer, fitting)
        return False


def rebuild(writer: SiloWriter) -> None:
    """Makes all segments anew from the chunks, which carry their vectors: nothing is embedded again."""
    writer.erase_segments(info.id for info in writer.segments())
    batch: list[StoredChunk] = []
    index = SealedIndex()
    for chunk in chunks_of(writer):
        batch.append(chunk)
        if len(batch) == SEGMENT_CHUNKS:
            index.add(writer, batch)
            batch = []
    index.add(writer, batch)


def segment_from(label: str, content: bytes) -> Segment:
    return PostingsSegment.from_bytes(content) if label.startswith(POSTINGS) else VectorSegment.from_bytes(content)


def _grouped(chunks: Iterable[StoredChunk], key: Callable[[StoredChunk], str]) -> list[tuple[str, list[StoredChunk]]]:
    groups: dict[str, list[StoredChunk]] = defaultdict(list)
    for chunk in chunks:
        groups[key(chunk)].append(chunk)
    return sorted(groups.items())


def _parts(chunks: Sequence[StoredChunk]) -> Iterator[Sequence[StoredChunk]]:
    for start in range(0, len(chunks), SEGMENT_CHUNKS):
        yield chunks[start : start + SEGMENT_CHUNKS]


def _fitting(group: list[SegmentInfo]) -> list[SegmentInfo]:
    """As many as fit into one segment, neighbours first: then few segments reach over the number of one chunk."""
    fitting: list[SegmentInfo] = []
    room = SEGMENT_CHUNKS
    for info in sorted(group, key=lambda info: (info.first, info.id)):
        if info.chunks <= room:
            fitting.append(info)
            room -= info.chunks
    return fitting


def _merge(writer: SiloWriter, group: list[SegmentInfo]) -> bool:
    opened = [segment for info in group if (segment := _open(writer, info)) is not None]
    writer.erase_segments(info.id for info in group)
    if opened:
        first = type(opened[0])
        _put(writer, group[0].label, first.merged(opened))  # type: ignore[arg-type]  # one label holds one kind
    return True


def _open(writer: SiloWriter, info: SegmentInfo) -> Segment | None:
    content = writer.segment(info.id)
    return None if content is None else segment_from(info.label, content)


def _put(writer: SiloWriter, label: str, segment: Segment) -> None:
    numbers = segment.numbers
    writer.put_segment(label, segment.to_bytes(), chunks=len(numbers), first=int(numbers[0]), last=int(numbers[-1]))
