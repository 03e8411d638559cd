"""An immutable bm25 segment: which term stands how often in which of up to 16,384 chunks of one language.

Canonical: the same chunks with the same terms are the same bytes, whatever was built, merged or taken out before. So
nothing of a deleted chunk can remain, not even a term that only it had (docs/formats/segments.md).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from muniment.retrieval.segment_bytes import need, pack, rises, unpack
from muniment.retrieval.types import SEGMENT_CHUNKS, Numbers, among

Array = npt.NDArray[Any]

_KIND, _VERSION = b"MUNP", 1
_TYPES = ("u1", "<u4", "<u2", "u1", "<u2", "<u2", "<u2", "u1")
_MOST_REPEATS = 255
_MOST_WORDS = 65_535


@dataclass(frozen=True, slots=True, eq=False)
class PostingsSegment:
    """Arrays of n chunks, t terms, p postings. Made by `build`, `merged`, `without` and `from_bytes` only."""

    language: str
    numbers: Numbers
    """uint32[n], rising: the chunks."""
    lengths: npt.NDArray[np.uint16]
    """uint16[n]: index terms in each chunk, at most 65,535."""
    term_bytes: npt.NDArray[np.uint8]
    """The terms in UTF-8, sorted as bytes, one after another."""
    term_starts: Array
    """int64[t + 1]: where each begins."""
    posting_starts: Array
    """int64[t + 1]: where each term's postings begin."""
    local: npt.NDArray[np.uint16]
    """uint16[p]: position of the chunk in `numbers`, rising within a term."""
    repeats: npt.NDArray[np.uint8]
    """uint8[p]: how often the term stands there, 1 to 255."""
    _keys: npt.NDArray[np.uint64] = field(init=False, repr=False)
    """uint64[t]: the first eight bytes of each term, so that numpy can find it; never stored."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_keys", _first_eight(self.term_bytes, self.term_starts))

    @classmethod
    def build(cls, chunks: Iterable[tuple[int, Sequence[str]]], *, language: str) -> Self:
        """From (chunk number, its terms in any order, repeated as they stand). Raises ValueError beyond the limit."""
        ordered = sorted(chunks)
        counts = np.array([len(terms) for _, terms in ordered], dtype=np.int64)
        provisional: dict[str, int] = {}
        occurrences = np.fromiter(
            (provisional.setdefault(term, len(provisional)) for _, terms in ordered for term in terms),
            dtype=np.int64,
            count=int(counts.sum()),
        )
        pairs = occurrences * SEGMENT_CHUNKS + np.repeat(np.arange(len(ordered)), counts)
        distinct, repeats = np.unique(pairs, return_counts=True)
        return cls._assemble(
            language=language,
            numbers=np.array([number for number, _ in ordered], dtype=np.int64),
            lengths=np.minimum(counts, _MOST_WORDS),
            terms=[term.encode() for term in provisional],
            term_of=distinct // SEGMENT_CHUNKS,
            local=distinct % SEGMENT_CHUNKS,
            repeats=np.minimum(repeats, _MOST_REPEATS),
        )

    @classmethod
    def merged(cls, segments: Sequence[Self]) -> Self:
        """One segment of all their chunks. Raises ValueError for other languages, shared chunks, or too many."""
        if len({segment.language for segment in segments}) != 1:
            raise ValueError("only segments of one language can be merged")
        numbers = np.concatenate([segment.numbers for segment in segments]).astype(np.int64)
        order = np.argsort(numbers, kind="stable")
        place = np.empty(len(numbers), dtype=np.int64)
        place[order] = np.arange(len(numbers))
        bases = np.cumsum([0, *(len(segment.numbers) for segment in segments)])
        union: dict[bytes, int] = {}
        ids = [[union.setdefault(term, len(union)) for term in segment.terms()] for segment in segments]
        return cls._assemble(
            language=segments[0].language,
            numbers=numbers[order],
            lengths=np.concatenate([segment.lengths for segment in segments])[order],
            terms=list(union),
            term_of=np.concatenate(
                [
                    np.repeat(np.array(own, dtype=np.int64), np.diff(segment.posting_starts))
                    for own, segment in zip(ids, segments, strict=True)
                ]
            ),
            local=np.concatenate(
                [place[base + segment.local.astype(np.int64)] for base, segment in zip(bases, segments, strict=False)]
            ),
            repeats=np.concatenate([segment.repeats for segment in segments]),
        )

    def without(self, chunks: Collection[int]) -> Self:
        """The segment as if these chunks had never been in it."""
        stays = ~among(self.numbers, sorted(chunks))
        place = np.cumsum(stays) - 1
        kept = stays[self.local]
        counts = np.diff(np.concatenate(([0], np.cumsum(kept)))[self.posting_starts])
        used, sizes = counts > 0, np.diff(self.term_starts)
        return type(self)(
            language=self.language,
            numbers=self.numbers[stays],
            lengths=self.lengths[stays],
            term_bytes=self.term_bytes[np.repeat(used, sizes)],
            term_starts=_starts(sizes[used]),
            posting_starts=_starts(counts[used]),
            local=place[self.local[kept]].astype(np.uint16),
            repeats=self.repeats[kept],
        )

    @classmethod
    def _assemble(
        cls,
        *,
        language: str,
        numbers: Array,
        lengths: Array,
        terms: list[bytes],
        term_of: Array,
        local: Array,
        repeats: Array,
    ) -> Self:
        """Bring postings (term id, local, repeats; any order) into the canonical one; unused terms vanish."""
        if len(numbers) > SEGMENT_CHUNKS or not rises(numbers):
            raise ValueError("a segment holds each chunk once, and no more than 16,384")
        used = np.bincount(term_of, minlength=len(terms))
        ranked = sorted((term, old) for old, term in enumerate(terms) if used[old])
        new = np.zeros(len(terms), dtype=np.int64)
        new[[old for _, old in ranked]] = np.arange(len(ranked))
        order = np.argsort(new[term_of] * SEGMENT_CHUNKS + local, kind="stable")
        return cls(
            language=language,
            numbers=numbers.astype(np.uint32),
            lengths=lengths.astype(np.uint16),
            term_bytes=np.frombuffer(b"".join(term for term, _ in ranked), dtype=np.uint8),
            term_starts=_starts([len(term) for term, _ in ranked]),
            posting_starts=_starts([used[old] for _, old in ranked]),
            local=local[order].astype(np.uint16),
            repeats=repeats[order].astype(np.uint8),
        )

    def terms(self) -> list[bytes]:
        blob, ends = self.term_bytes.tobytes(), self.term_starts.tolist()
        return [blob[start:end] for start, end in pairwise(ends)]

    def places_of(self, terms: Sequence[bytes]) -> list[int]:
        """For each term its position in the table, or -1."""
        if not len(self._keys):
            return [-1] * len(terms)
        keys = np.array([int.from_bytes(term[:8].ljust(8, b"\0"), "big") for term in terms], dtype=np.uint64)
        lows = np.searchsorted(self._keys, keys, side="left").tolist()
        highs = np.searchsorted(self._keys, keys, side="right").tolist()
        return [self._place(term, low, high) for term, low, high in zip(terms, lows, highs, strict=True)]

    def _place(self, term: bytes, low: int, high: int) -> int:
        while low < high:
            middle = (low + high) // 2
            found = self.term_bytes[self.term_starts[middle] : self.term_starts[middle + 1]].tobytes()
            if found == term:
                return middle
            low, high = (middle + 1, high) if found < term else (low, middle)
        return -1

    def to_bytes(self) -> bytes:
        """The canonical bytes, to be sealed."""
        return pack(
            _KIND,
            _VERSION,
            [
                np.frombuffer(self.language.encode("ascii"), dtype=np.uint8),
                self.numbers,
                self.lengths,
                self.term_bytes,
                np.diff(self.term_starts).astype(np.uint16),
                np.diff(self.posting_starts).astype(np.uint16),
                self.local,
                self.repeats,
            ],
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Large arrays stay views into `data`. Raises CorruptedError for what `to_bytes` cannot give."""
        language, numbers, lengths, blob, sizes, frequencies, local, repeats = unpack(_KIND, _VERSION, data, _TYPES)
        need(len(numbers) <= SEGMENT_CHUNKS and rises(numbers) and len(lengths) == len(numbers))
        term_starts, posting_starts = _starts(sizes), _starts(frequencies)
        need(len(sizes) == len(frequencies) and term_starts[-1] == len(blob) and np.all(frequencies > 0))
        need(posting_starts[-1] == len(local) == len(repeats) and np.all(repeats > 0))
        need(not len(local) or local.max() < len(numbers))
        falls = local[1:] <= local[:-1]
        falls[posting_starts[1:-1] - 1] = False  # between the postings of two terms it may
        need(not falls.any() and bytes(language).isascii())
        segment = cls(
            language=bytes(language).decode("ascii"),
            numbers=numbers,
            lengths=lengths,
            term_bytes=blob,
            term_starts=term_starts,
            posting_starts=posting_starts,
            local=local,
            repeats=repeats,
        )
        need(segment._terms_rise())
        return segment

    def _terms_rise(self) -> bool:
        """Strictly sorted terms: keys must not fall, and where they are equal whole terms are compared."""
        if np.any(self._keys[1:] < self._keys[:-1]):
            return False
        starts, content = self.term_starts, self.term_bytes.tobytes()
        return all(
            content[starts[at] : starts[at + 1]] < content[starts[at + 1] : starts[at + 2]]
            for at in np.flatnonzero(self._keys[1:] == self._keys[:-1]).tolist()
        )


def _starts(sizes: Array | list[int]) -> Array:
    return np.fromiter(chain((0,), np.cumsum(np.asarray(sizes, dtype=np.int64)).tolist()), dtype=np.int64)


def _first_eight(content: npt.NDArray[np.uint8], starts: Array) -> npt.NDArray[np.uint64]:
    """Big-endian, filled up with zeros: compares as the bytes do, up to eight of them."""
    sizes = np.diff(starts)
    keys = np.zeros(len(sizes), dtype=np.uint64)
    for offset in range(8):
        reaches = np.flatnonzero(sizes > offset)
        keys[reaches] |= content[starts[reaches] + offset].astype(np.uint64) << np.uint64(56 - 8 * offset)
    return keys
