"""The chunks one answer may quote: what was retrieved, and what stands around it. Read from the silo, kept for the
length of one answer.
"""

from collections.abc import Iterable, Iterator, Sequence

from muniment.silo.chunks import StoredChunk, read_chunks
from muniment.silo.sealed import Silo


class Sources:
    """`around` implements `chat.types.Neighbours`. Numbers of a document's chunks follow each other."""

    def __init__(self, silo: Silo, found: Iterable[StoredChunk]) -> None:
        self._silo = silo
        self._known: dict[int, StoredChunk | None] = {chunk.number: chunk for chunk in found}

    def chunk(self, number: int) -> StoredChunk | None:
        self._learn([number])
        return self._known[number]

    def around(self, chunk: StoredChunk, *, before: int = 0, behind: int = 0) -> list[StoredChunk]:
        ahead = range(chunk.number - 1, max(chunk.number - before, 0) - 1, -1)
        after = range(chunk.number + 1, chunk.number + behind + 1)
        self._learn([*ahead, *after])
        return [*reversed(list(self._alike(chunk, ahead))), chunk, *self._alike(chunk, after)]

    def _alike(self, chunk: StoredChunk, numbers: Iterable[int]) -> Iterator[StoredChunk]:
        """Those under the same headings of the same document, up to the first that is not."""
        for number in numbers:
            other = self._known[number]
            if other is None or (other.document, other.headings) != (chunk.document, chunk.headings):
                return
            yield other

    def _learn(self, numbers: Sequence[int]) -> None:
        missing = [number for number in numbers if number not in self._known]
        if missing:
            self._known.update(dict.fromkeys(missing))
            with self._silo.reading() as reader:
                self._known.update((chunk.number, chunk) for chunk in read_chunks(reader, missing))
