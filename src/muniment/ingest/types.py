"""What a document is after it was read: one text, and exact places in it.

Every span is a pair of character (code point) offsets into `ExtractedDocument.text`, start inclusive, end exclusive.
A citation is such a span, so nothing may change the text once it was extracted.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, pairwise, takewhile
from typing import Any, Self

from muniment.core.errors import CorruptedError
from muniment.ingest.beside import (
    LONGEST_LEFT_OUT,
    MOST_LEFT_OUT,
    MOST_MARKS,
    HiddenBy,
    LeftOut,
    LeftOutKind,
    Mark,
    MarkKind,
    RecognisedWord,
    Unit,
)

__all__ = [
    "DRAWN", "LONGEST_LEFT_OUT", "MAIL", "MOST_LEFT_OUT", "MOST_MARKS", "PDF", "Block", "BlockKind", "Box", "Chunk",
    "ExtractedDocument", "HiddenBy", "LeftOut", "LeftOutKind", "Limits", "Mark", "MarkKind", "PageLayout",
    "RecognisedWord", "Unit",
]  # fmt: skip

_FORMAT = 3  # 1: without `left_out`; 2: without `marks`, `pictures` and `recognised`
PDF = "application/pdf"
MAIL = frozenset(["message/rfc822", "application/mbox"])
DRAWN = frozenset([PDF, "image/png", "image/jpeg", "image/tiff", "image/webp"])
"""Media types of which a page can be shown as a picture."""


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CODE = "code"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of layout. Blocks are in reading order, do not overlap, and hold all text but the blank between them.

    `level` is 1 (outermost) or more for headings, the depth from 0 for list items, and 0 otherwise. A table is one row
    per line, cells joined by " | ". `page` counts from 1 where the format has pages: the page the block starts on.
    """

    kind: BlockKind
    level: int
    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """The text as read from the file. `pages[n - 1]` is the span of page n, which may be empty (PDF; the slides of a
    presentation); other formats have none.
    """

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[tuple[int, int], ...]
    title: str | None
    language: str | None
    """ISO 639-1, or None where it is too short, mixed, or of a language without a stemmer to say."""
    media_type: str
    words: int
    left_out: tuple[LeftOut, ...] = ()
    marks: tuple[Mark, ...] = ()
    pictures: tuple[int, ...] = ()
    """Pages (from 1, rising) that are pictures whose words were not read."""
    recognised: tuple[RecognisedWord, ...] = ()
    """Words that were read from pictures, in the order of the text."""

    def page_of(self, position: int) -> int | None:
        """The page (from 1) that holds this character; None where the format has no pages."""
        low, high = 0, len(self.pages)
        while low < high:
            middle = (low + high) // 2
            if self.pages[middle][1] <= position:
                low = middle + 1
            else:
                high = middle
        return min(low + 1, len(self.pages)) if self.pages else None

    def is_recognised(self, page: int) -> bool:
        """Whether the words of this page (from 1) were read from a picture."""
        return next(self._recognised_on(page), None) is not None

    def recognised_boxes(self, page: int, start: int, end: int) -> tuple["Box", ...]:
        """Where a span of the text lies on a page that was a picture: one box a line."""
        found: list[Box] = []
        for word in self._recognised_on(page):
            if word.start < end and word.end > start:
                box = Box(*(side / WHOLE for side in (word.left, word.top, word.right, word.bottom)))
                if found and found[-1].is_beside(box):
                    box = found.pop().around(box)
                found.append(box)
        return tuple(found)

    def _recognised_on(self, page: int) -> Iterator[RecognisedWord]:
        first, last = self.pages[page - 1]
        low = bisect_left(self.recognised, first, key=lambda word: word.start)
        return takewhile(lambda word: word.end <= last, islice(self.recognised, low, None))

    def page_ends(self, start: int, end: int) -> tuple[int, ...]:
        """The offsets at which pages end within this span, rising; empty pages repeat one."""
        first = self.page_of(start)
        if first is None:
            return ()
        return tuple(takewhile(lambda at: at < end, (stop for _, stop in islice(self.pages, first - 1, None))))

    def to_bytes(self) -> bytes:
        """Compact JSON, UTF-8. Deterministic: equal documents give equal bytes."""
        blocks = [[b.kind.value, b.level, b.start, b.end, b.page] for b in self.blocks]
        about = [self.title, self.language, self.media_type, self.words]
        beside = [[one.to_fields() for one in some] for some in (self.left_out, self.marks)]
        words = [[one.start, one.end, one.left, one.top, one.right, one.bottom] for one in self.recognised]
        fields = [_FORMAT, self.text, blocks, self.pages, *about, *beside, self.pictures, words]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises CorruptedError for anything `to_bytes` cannot have written.

        These bytes come out of a child that a hostile file may control, so nothing in them is believed: every span is
        checked to lie in the text and in order. Residue accepted: such a file may lie about its own words.
        """
        try:
            version, text, blocks, pages, title, language, media_type, words, *later = json.loads(data)
            left_out, marks, pictures, recognised = later + [[]] * (4 - len(later))
            document = cls(
                text=text,
                blocks=tuple(Block(BlockKind(kind), *numbers) for kind, *numbers in blocks),
                pages=tuple((start, end) for start, end in pages),
                title=title,
                language=language,
                media_type=media_type,
                words=words,
                left_out=tuple(map(LeftOut.from_fields, left_out)),
                marks=tuple(map(Mark.from_fields, marks)),
                pictures=tuple(pictures),
                recognised=tuple(RecognisedWord(*numbers) for numbers in recognised),
            )
        except (ValueError, TypeError, RecursionError):
            raise CorruptedError(_BROKEN) from None
        if _FIELDS.get(version) != len(later) or not _is_sound(document):
            raise CorruptedError(_BROKEN)
        return document


_FIELDS = {1: 0, 2: 1, _FORMAT: 4}
"""By format: how many fields stand behind the first eight."""
_BROKEN = "The extracted text of a document does not make sense; upload the document again."


def _is_sound(document: ExtractedDocument) -> bool:
    typed = (
        _encodes(document.text)
        and _is_text(document.media_type)
        and (document.title is None or _is_text(document.title))
        and (document.language is None or (_is_text(document.language) and len(document.language) == 2))
        and _is_count(document.words)
    )
    return typed and _are_blocks_sound(document) and _are_pages_sound(document) and _is_beside_sound(document)


def _is_beside_sound(document: ExtractedDocument) -> bool:
    pages, rising = len(document.pages), list(document.pictures)
    listed = len(document.left_out) <= MOST_LEFT_OUT and all(
        _is_text(one.place) and _is_text(one.text) and _is_count(one.number) for one in document.left_out
    )
    marked = len(document.marks) <= MOST_MARKS and all(
        _is_count(one.start)
        and _is_count(one.end)
        and one.start <= one.end <= len(document.text)
        and (one.page is None or _is_page(one.page, pages))
        for one in document.marks
    )
    named = all(_is_page(one, pages) for one in rising) and rising == sorted(set(rising))
    return listed and marked and named and _are_words_sound(document)


def _are_words_sound(document: ExtractedDocument) -> bool:
    last = 0
    for one in document.recognised:
        sides = (one.left, one.top, one.right, one.bottom)
        if not all(_is_count(side) and side <= WHOLE for side in sides) or not (
            _is_count(one.start) and _is_count(one.end) and last <= one.start < one.end <= len(document.text)
        ):
            return False
        last = one.end
    return True


def _is_page(value: Any, pages: int) -> bool:
    return _is_count(value) and 1 <= value <= pages


def _are_blocks_sound(document: ExtractedDocument) -> bool:
    last, pages = 0, len(document.pages)
    for block in document.blocks:
        numbers = _is_count(block.level) and _is_count(block.start) and _is_count(block.end)
        if not numbers or not last <= block.start < block.end <= len(document.text):
            return False
        if block.page is not None and not _is_page(block.page, pages):
            return False
        last = block.end
    return True


def _are_pages_sound(document: ExtractedDocument) -> bool:
    spans = [*document.pages, (len(document.text), len(document.text))]
    counts = all(_is_count(start) and _is_count(end) and start <= end for start, end in spans)
    return counts and all(earlier[1] <= later[0] for earlier, later in pairwise(spans))


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_text(value: Any) -> bool:
    return _encodes(value) and len(value) <= LONGEST_LEFT_OUT


def _encodes(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # a lone surrogate: SQLite, JSON clients and hashes would each choke on it later
        return False
    return True


@dataclass(frozen=True, slots=True)
class Chunk:
    """One retrievable piece. `text == document.text[start:end]`, exactly.

    `headings` is the whole path above the chunk, outermost first, for people to read. `context` is what is embedded
    in front of the text: the nearest of those headings (or the title) that are not already in the text and are short
    enough to be worth their tokens; lines joined by newlines, perhaps empty.
    """

    start: int
    end: int
    page: int | None
    headings: tuple[str, ...]
    text: str
    context: str = ""

    @property
    def embedded(self) -> str:
        """What the embedding model is given."""
        return f"{self.context}\n{self.text}" if self.context else self.text


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in fractions of its width and height, from the top left corner as it is shown."""

    left: float
    top: float
    right: float
    bottom: float

    def is_beside(self, other: "Box") -> bool:
        """Whether the other one goes on in the same line."""
        shared = min(self.bottom, other.bottom) - max(self.top, other.top)
        return shared > 0.5 * min(self.bottom - self.top, other.bottom - other.top) and other.left >= self.left

    def around(self, other: "Box") -> "Box":
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page as it is shown: its size in points (1/72 inch), and for each span asked for its boxes, one per line."""

    width: float
    height: float
    boxes: tuple[tuple[Box, ...], ...]

    def to_bytes(self) -> bytes:
        boxes = [[[box.left, box.top, box.right, box.bottom] for box in some] for some in self.boxes]
        return json.dumps([self.width, self.height, boxes]).encode()

    @classmethod
    def from_bytes(cls, data: bytes, *, spans: int) -> Self:
        """Raises CorruptedError: as with `ExtractedDocument.from_bytes`, the child is not believed."""
        try:
            width, height, boxes = json.loads(data)
            layout = cls(float(width), float(height), tuple(tuple(Box(*sides) for sides in some) for some in boxes))
            sides = [
                side for some in layout.boxes for box in some for side in (box.left, box.top, box.right, box.bottom)
            ]
            sound = all(0.0 <= side <= 1.0 for side in sides)
        except (ValueError, TypeError, RecursionError):
            raise CorruptedError(_BROKEN) from None
        if not sound or len(layout.boxes) != spans or not (0 < layout.width < _HUGE and 0 < layout.height < _HUGE):
            raise CorruptedError(_BROKEN)
        return layout


_HUGE = 1_000_000
WHOLE = 10_000
"""Parts of a page's width or height that the boxes of recognised words are told in."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost, each enforced while it is spent, never afterwards; and what is read of it."""

    also: tuple[str, ...] = ()
    """kinds of what stands beside its text (`LeftOutKind`) that are read with it: `TextBuilder.leave_out`"""
    max_bytes: int = 512 * 2**20
    """of the file itself: what the operator may allow to be uploaded (MUNIMENT_UPLOAD_LIMIT), as it must be readable"""
    max_pages: int = 5_000
    max_characters: int = 50_000_000
    """of extracted text"""
    max_blocks: int = 300_000
    """paragraphs, headings, items and tables: each costs the worker about half a kilobyte beside its text"""
    max_memory: int = 1 * 2**30
    """bytes of address space beyond what the empty child has"""
    max_seconds: int = 300
    """on the wall, from the first byte; processor time has the same cap"""
    max_pixels: int = 16_000_000
    """of one page drawn as a picture"""
    max_picture: int = 100_000_000
    """pixels of one picture that is read: decoded it takes up to four bytes for each"""
    max_entries: int = 10_000
    """in one archive"""
    max_documents: int = 2_000
    """files in one archive that is uploaded to have them read, through all archives in it"""
    max_packed: int = 64 * 2**20
    """bytes of one file in such an archive: it passes through the worker's memory"""
    max_nesting: int = 3
    """archives within archives, the outermost counted"""
    max_inflated: int = 512 * 2**20
    """bytes, over all entries of one archive"""
    max_ratio: int = 200
    """bytes out per byte in, for any single entry beyond its first MiB; XML of real documents stays below 100"""


@dataclass(frozen=True, slots=True)
class MaskingCost:
    """What a change of the rules does: to so many live documents, words and pieces.

    `seconds`: about how long it takes on this machine. `for_good`: documents whose masked words are kept nowhere
    afterwards. `beyond`: documents that were masked for good already, and can only be masked further.
    """

    documents: int
    words: int
    pieces: int
    seconds: float
    live: int
    for_good: int
    beyond: int
