"""Ranks the chunks of one language by BM25 over any number of segments (Robertson and Zaragoza 2009).

score = sum over the question's terms of  n(t) * idf(t) * tf / (tf + k1 * (1 - b + b * length / average length))
idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5)), never negative, as Lucene has it. N, df and the average length are summed
over the segments when they are opened, so that a segment can stay as it was sealed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log1p
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from muniment.retrieval.postings import PostingsSegment
from muniment.retrieval.ranking import best
from muniment.retrieval.types import EVERYTHING, Hit, Restriction

K1 = 1.2
B = 0.75
FEWEST = 32
"""Chunks: in a silo of two or three, whether a term is in none of them or in one says little of how rare it is."""

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CorpusStatistics:
    """What BM25 must know of all chunks of a language together."""

    chunks: int
    words: int

    @classmethod
    def of(cls, segments: Sequence[PostingsSegment]) -> Self:
        return cls(
            chunks=sum(len(segment.numbers) for segment in segments),
            words=sum(int(segment.lengths.sum(dtype=np.int64)) for segment in segments),
        )

    @property
    def average_length(self) -> float:
        return self.words / self.chunks if self.words else 1.0

    def idf(self, frequency: int) -> float:
        return log1p((self.chunks - frequency + 0.5) / (frequency + 0.5))


class Bm25:
    """Opened segments of one language. Immutable: a change of segments makes a new one, in about a millisecond."""

    def __init__(self, segments: Sequence[PostingsSegment], *, k1: float = K1, b: float = B) -> None:
        if len({segment.language for segment in segments}) > 1:
            raise ValueError("only segments of one language are searched together")
        self.statistics = CorpusStatistics.of(segments)
        self._segments = [segment for segment in segments if len(segment.numbers)]
        average = self.statistics.average_length
        self._norms = [
            (k1 * (1 - b + b * segment.lengths.astype(np.float32) / average)).astype(np.float32)
            for segment in self._segments
        ]

    def search(self, terms: Mapping[str, float], *, k: int, restriction: Restriction = EVERYTHING) -> list[Hit]:
        """The k best chunks that hold any of the terms; `terms` gives each its weight (how often it was asked)."""
        wanted = [(term.encode(), weight) for term, weight in sorted(terms.items())]
        names = [name for name, _ in wanted]
        places = np.array([segment.places_of(names) for segment in self._segments], dtype=np.int64)
        places = places.reshape(len(self._segments), len(wanted))
        frequencies = [self._frequency(places[:, at].tolist()) for at in range(len(wanted))]
        weights = np.array(
            [weight * self.statistics.idf(df) for (_, weight), df in zip(wanted, frequencies, strict=True)],
            dtype=np.float32,
        )
        return best(self._scored(places, weights, restriction), k)

    def frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """In how many chunks each term stands."""
        ordered = sorted(terms)
        places = [segment.places_of([term.encode() for term in ordered]) for segment in self._segments]
        return {term: self._frequency([row[at] for row in places]) for at, term in enumerate(ordered)}

    def weights(self, terms: Collection[str]) -> dict[str, float]:
        """How rare each term is: its idf, as if there were FEWEST chunks at least. Highest where no chunk holds it."""
        statistics = replace(self.statistics, chunks=max(self.statistics.chunks, FEWEST))
        return {term: statistics.idf(frequency) for term, frequency in self.frequencies(terms).items()}

    def _frequency(self, places: list[int]) -> int:
        return sum(
            int(segment.posting_starts[place + 1] - segment.posting_starts[place])
            for segment, place in zip(self._segments, places, strict=True)
            if place >= 0
        )

    def _scored(
        self, places: npt.NDArray[Any], weights: npt.NDArray[np.float32], restriction: Restriction
    ) -> Iterator[tuple[npt.NDArray[np.uint32], Scores]]:
        for segment, norms, row in zip(self._segments, self._norms, places, strict=True):
            present = np.flatnonzero(row >= 0)
            if not len(present):
                continue
            scores = _scores(segment, norms, row[present], weights[present])
            scores[scores == 0] = -np.inf
            if restriction is not EVERYTHING:
                scores[restriction.refused(segment.numbers)] = -np.inf
            yield segment.numbers, scores


def _scores(
    segment: PostingsSegment, norms: npt.NDArray[np.float32], places: npt.NDArray[Any], weights: npt.NDArray[np.float32]
) -> Scores:
    """float64[n]; summed term by term in the order given, so that equal chunks score equal bits in any segment."""
    starts, ends = segment.posting_starts[places], segment.posting_starts[places + 1]
    spans = [slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    local = np.concatenate([segment.local[span] for span in spans])
    repeats = np.concatenate([segment.repeats[span] for span in spans]).astype(np.float32)
    gains = np.repeat(weights, ends - starts) * (repeats / (repeats + norms[local]))
    scores: Scores = np.bincount(local, weights=gains, minlength=len(segment.numbers)).astype(np.float64, copy=False)
    return scores
