"""The map between the extracted and the working text: where something of the one stands in the other.

It keeps one entry for each place at which the texts differ. What lies inside a replaced piece has no place of its own
on the other side: it maps to the whole of what replaced it, so that a citation never begins or ends in a stand-in.
"""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from muniment.core.errors import CorruptedError

_BROKEN = "The offset map of a document does not make sense; upload the document again."
_Sides = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """Code points `start` to `end` of the extracted text; what they became, in code points of the working text."""

    start: int
    end: int
    working_start: int
    working_end: int


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Pieces in order, none overlapping. An empty map is that of a text that is its own working text."""

    pieces: tuple[Piece, ...] = ()

    def to_working(self, start: int, end: int) -> tuple[int, int]:
        """The span of the working text that holds all of this span of the extracted text."""
        return _moved(start, self.pieces, _numbers, last=False), _moved(end, self.pieces, _numbers, last=True)

    def to_extracted(self, start: int, end: int) -> tuple[int, int]:
        """The span of the extracted text that holds all of this span of the working text."""
        return _moved(start, self.pieces, _swapped, last=False), _moved(end, self.pieces, _swapped, last=True)

    def to_bytes(self) -> bytes:
        """Compact JSON. Deterministic: equal maps give equal bytes."""
        rows = [[piece.start, piece.end, piece.working_start, piece.working_end] for piece in self.pieces]
        return json.dumps(rows, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises CorruptedError for anything `to_bytes` cannot have written."""
        try:
            rows = json.loads(data)
            pieces = tuple(Piece(*row) for row in rows)
            counts = all(type(n) is int and n >= 0 for one in pieces for n in _numbers(one))
        except (ValueError, TypeError, RecursionError):
            raise CorruptedError(_BROKEN) from None
        if not isinstance(rows, list) or not counts or not _in_order(pieces):
            raise CorruptedError(_BROKEN)
        return cls(pieces)


def spliced(text: str, pieces: Iterable[tuple[int, int, str]]) -> str:
    """The text with something else in some places: (start, end, what stands there now), in order, none overlapping."""
    out, at = [], 0
    for start, end, instead in pieces:
        out += [text[at:start], instead]
        at = end
    return "".join([*out, text[at:]])


def offset_map(replaced: Iterable[tuple[int, int, int]]) -> OffsetMap:
    """From (start, end, length of what stands there now), in order and none overlapping."""
    pieces, shift = [], 0
    for start, end, length in replaced:
        pieces.append(Piece(start, end, start + shift, start + shift + length))
        shift += length - (end - start)
    return OffsetMap(tuple(pieces))


def _moved(at: int, pieces: tuple[Piece, ...], side: Callable[[Piece], _Sides], *, last: bool) -> int:
    """A border (the start of a span, or its end) on the other side; one inside a piece goes to that piece's border."""
    number = bisect_right(pieces, at - 1 if last else at, key=lambda piece: side(piece)[0]) - 1
    if number < 0:
        return at
    _, own_end, other_start, other_end = side(pieces[number])
    if at < own_end or (last and at == own_end):
        return other_end if last else other_start
    return other_end + at - own_end


def _numbers(piece: Piece) -> _Sides:
    return piece.start, piece.end, piece.working_start, piece.working_end


def _swapped(piece: Piece) -> _Sides:
    return piece.working_start, piece.working_end, piece.start, piece.end


def _in_order(pieces: tuple[Piece, ...]) -> bool:
    own = all(piece.start < piece.end and piece.working_start <= piece.working_end for piece in pieces)
    apart = all(
        one.end <= two.start and two.start - one.end == two.working_start - one.working_end
        for one, two in pairwise(pieces)
    )
    return own and apart and (not pieces or pieces[0].start == pieces[0].working_start)
