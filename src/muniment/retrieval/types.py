"""What a search speaks of: chunk numbers, which are unique within one silo, and the passages it hands on."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from muniment.silo.chunks import StoredChunk, Vector

Numbers = npt.NDArray[np.uint32]
"""Chunk numbers, each once, rising."""

SEGMENT_CHUNKS = 16_384
"""A segment holds at most so many chunks: one deletion rewrites no more than this."""


class Hit(NamedTuple):
    """A chunk found. Scores order the hits of one search (higher is better) and mean nothing across searches."""

    chunk: int
    score: float


@dataclass(frozen=True, slots=True)
class Restriction:
    """Which chunks a search may find: only `allowed` (None: any), and never `denied`."""

    allowed: Numbers | None = None
    denied: Numbers | None = None

    def refused(self, numbers: Numbers) -> npt.NDArray[np.bool_]:
        """bool[len(numbers)], True where the chunk must not be found."""
        refused = np.zeros(len(numbers), dtype=np.bool_) if self.allowed is None else ~among(numbers, self.allowed)
        return refused if self.denied is None else refused | among(numbers, self.denied)


def among(numbers: Numbers, chosen: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """bool[len(numbers)], True where the number is one of `chosen` (any order); fast where few are chosen."""
    found = np.zeros(len(numbers), dtype=np.bool_)
    wanted = np.asarray(chosen, dtype=np.uint32)
    if len(numbers):
        at = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
        found[at[numbers[at] == wanted]] = True
    return found


EVERYTHING = Restriction()


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """What is searched: words, and their vector float32[dimension] of length 1, made by the model of that name."""

    text: str
    vector: Vector
    model: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring chunks of one document, in reading order. Each part's text is exactly its span of the document.

    `score` orders the passages of one question (fused ranks, higher is better, meaningless across questions);
    `similarity` is the cosine of question and best part by the embedding model, -1 to 1, or None where the language
    of the part is not searched by vectors.
    """

    parts: tuple[StoredChunk, ...]
    score: float
    similarity: float | None

    @property
    def document(self) -> str:
        return self.parts[0].document

    @property
    def page(self) -> int | None:
        return self.parts[0].page

    @property
    def headings(self) -> tuple[str, ...]:
        return self.parts[0].headings

    @property
    def start(self) -> int:
        return self.parts[0].start

    @property
    def end(self) -> int:
        return self.parts[-1].end
