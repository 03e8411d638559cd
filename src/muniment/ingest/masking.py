"""The working text of a document: what is indexed, asked and quoted, with stand-ins where personal data stood.

What was replaced is kept in one record beside the extracted text, sealed under the document's own key: places, words
and stand-ins. It is the offset map between the two texts and this document's part of the vault; with the document's
key both are gone (docs/decisions/0018-masking.md).
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Self

from muniment.agents.types import Masking, MaskingMode
from muniment.core.errors import CorruptedError
from muniment.core.ids import id_bytes
from muniment.core.watch import Watch, unwatched
from muniment.ingest.tables import CELL
from muniment.ingest.types import ExtractedDocument
from muniment.pii.offsets import OffsetMap, offset_map, spliced
from muniment.pii.services import find_personal_data
from muniment.pii.standins import replaced
from muniment.pii.types import PiiClass, Span
from muniment.silo.sealed import Record, SiloReader
from muniment.silo.types import Table

_BROKEN = "What was masked in a document does not make sense. Restore this agent from a backup."
_FORMAT = 1
_BETWEEN = "\n\n"
_END = re.compile(rf"\n|{re.escape(CELL)}")
_NO_LETTER = re.compile(r"[_.+-]")  # of a file's name: signs that stand for blanks, one for one


@dataclass(frozen=True, slots=True)
class Place:
    """Code points `start` to `end` of the extracted text, which said `words`, and what stands in the working text.

    `words` is empty where masking cannot be undone.
    """

    start: int
    end: int
    kind: PiiClass
    instead: str
    words: str


@dataclass(frozen=True)
class Mask:
    """All places of one document, in order and apart. An empty one is that of a text that is its own working text."""

    places: tuple[Place, ...] = ()

    @cached_property
    def offsets(self) -> OffsetMap:
        return offset_map((place.start, place.end, len(place.instead)) for place in self.places)

    @cached_property
    def counts(self) -> Counter[PiiClass]:
        return Counter(place.kind for place in self.places)

    def applied(self, text: str) -> str:
        """The working text of an extracted one."""
        return spliced(text, ((place.start, place.end, place.instead) for place in self.places))

    def undone(self, start: int, end: int, quote: str) -> str:
        """What the extracted text says where the working text says `quote`, from `start` to `end`.

        A place that the span holds in part is kept whole, as `OffsetMap.to_extracted` does.
        """
        pieces = self.offsets.pieces
        first = bisect_right(pieces, start, key=lambda piece: piece.working_end)
        last = bisect_left(pieces, end, key=lambda piece: piece.working_start)
        out, at = [], start
        for piece, place in zip(pieces[first:last], self.places[first:last], strict=True):
            out += [quote[at - start : max(piece.working_start - start, 0)], place.words or place.instead]
            at = piece.working_end
        out.append(quote[max(at - start, 0) :])
        return "".join(out)

    def pairs(self) -> dict[str, str]:
        """What each stand-in stands for; of a name also each of its words, where they can be told apart."""
        found: dict[str, str] = {}
        for place in self.places:
            if not place.words:
                continue
            found.setdefault(place.instead, place.words)
            if place.kind is PiiClass.PERSON:
                apart = place.instead.split(), place.words.split()
                if len(apart[0]) == len(apart[1]):
                    found |= {one: word for one, word in zip(*apart, strict=True) if one not in found}
        return found

    def to_record(self, document: str) -> Record:
        rows = [[one.start, one.end, one.kind.value, one.instead, one.words] for one in self.places]
        return Record(id_bytes(document), document, json.dumps([_FORMAT, rows], ensure_ascii=False).encode())

    @classmethod
    def from_record(cls, record: Record) -> Self:
        try:
            version, rows = json.loads(record.content)
            places = tuple(Place(start, end, PiiClass(kind), *words) for start, end, kind, *words in rows)
            in_order = all(one.end <= two.start for one, two in pairwise(places))
        except (ValueError, TypeError):
            raise CorruptedError(_BROKEN) from None
        if version != _FORMAT or not in_order:
            raise CorruptedError(_BROKEN)
        return cls(places)


def read_mask(reader: SiloReader, document: str) -> Mask:
    return read_masks(reader, [document]).get(document, Mask())


def read_masks(reader: SiloReader, documents: Iterable[str]) -> dict[str, Mask]:
    """Those of the documents that have one: of the others nothing was replaced."""
    return {document: Mask.from_record(record) for document, record in mask_records(reader, documents).items()}


def mask_records(reader: SiloReader, documents: Iterable[str]) -> dict[str, Record]:
    """The same, not read yet: that of a long list of people has a hundred thousand places."""
    found = reader.get_many(Table.MASK, [id_bytes(one) for one in dict.fromkeys(documents)])
    return {record.group: record for record in found}


@dataclass(frozen=True, slots=True)
class Hidden:
    """A document on its way to being indexed: `text` is stored, `working` is cut and indexed; `name` is the file's."""

    text: ExtractedDocument
    working: ExtractedDocument
    mask: Mask
    name: str


def hide(text: ExtractedDocument, *, name: str, masking: Masking, on_progress: Watch = unwatched) -> Hidden:
    """Looks for personal data in a document and writes something else instead. Raises what `find_personal_data` raises.

    What stands beside the text is looked at behind it, so that a name known from it is known there: title and file
    name, and where masking cannot be undone also comments, notes and the like. The extracted text is not kept then:
    what is stored is the working text.
    """
    if not masking.is_on:
        return Hidden(text, text, Mask(), name)
    for_good = masking.mode is MaskingMode.MASK
    beside = [text.title or "", _NO_LETTER.sub(" ", name)]
    beside += [words for one in text.left_out for words in (one.place, one.text)] if for_good else []
    spans = find_personal_data(
        _BETWEEN.join([text.text, *beside]), selection=masking.selection, on_progress=on_progress
    )
    inside, *others = _apart(spans, [len(one) for one in (text.text, *beside)])
    beside[1] = name  # with the signs that stood for blanks
    title, name, *left_out = (replaced(*one, masking.stand_in) for one in zip(beside, others, strict=True))
    mask = mask_of(text, inside, masking)
    title_shown = None if text.title is None else title
    hidden = replace(working(text, mask), title=title_shown, left_out=())  # of that nothing is indexed or shown
    if not for_good:
        return Hidden(text, hidden, mask, name)
    pairs = zip(text.left_out, left_out[::2], left_out[1::2], strict=True)
    hidden = replace(hidden, left_out=tuple(replace(one, place=place, text=words) for one, place, words in pairs))
    return Hidden(hidden, hidden, mask, name)


def mask_of(text: ExtractedDocument, spans: Iterable[Span], masking: Masking) -> Mask:
    """What to replace of what was found. `spans` in order, none overlapping.

    A find that goes over the end of a block or a page is replaced piece by piece, and a name over the end of a line or
    of a cell: text keeps its layout, and a quoted row of a table begins where it began.
    """
    keeps = masking.mode is MaskingMode.STAND_INS
    borders = sorted({at for block in text.blocks for at in (block.start, block.end)} | {end for _, end in text.pages})
    return Mask(
        tuple(
            Place(
                start, end, span.kind, masking.stand_in(span.kind, text.text[start:end]), text.text[start:end] * keeps
            )
            for span in spans
            for start, end in _pieces(text.text, span, borders)
        )
    )


def working(text: ExtractedDocument, mask: Mask) -> ExtractedDocument:
    """The same document with its working text. Its title is none of the text's places: see `hide`.

    Where recognised words lie on a picture is left out: a picture shows the extracted text or nothing.
    """
    to_working = mask.offsets.to_working
    return replace(
        text,
        text=mask.applied(text.text),
        blocks=tuple(
            replace(one, start=at[0], end=at[1]) for one in text.blocks for at in [to_working(one.start, one.end)]
        ),
        pages=tuple(to_working(start, end) for start, end in text.pages),
        marks=tuple(
            replace(one, start=at[0], end=at[1]) for one in text.marks for at in [to_working(one.start, one.end)]
        ),
        recognised=(),
    )


def _apart(spans: Iterable[Span], lengths: Sequence[int]) -> list[list[Span]]:
    """The finds of each of several texts that were looked at together; one over a border is of both."""
    parts: list[list[Span]] = [[] for _ in lengths]
    starts = [sum(lengths[:number]) + len(_BETWEEN) * number for number in range(len(lengths))]
    for span in spans:
        for part, first, length in zip(parts, starts, lengths, strict=True):
            start, end = max(span.start - first, 0), min(span.end - first, length)
            if start < end:
                part.append(replace(span, start=start, end=end))
    return parts


def _pieces(text: str, span: Span, borders: Sequence[int]) -> Iterator[tuple[int, int]]:
    within = borders[bisect_right(borders, span.start) : bisect_left(borders, span.end)]
    if span.kind is PiiClass.PERSON:
        ends = (at for found in _END.finditer(text, span.start, span.end) for at in found.span())
        within = sorted({*within, *ends} - {span.start, span.end})
    for start, end in pairwise([span.start, *within, span.end]):
        piece = text[start:end]
        if any(map(str.isalnum, piece)):
            yield start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
