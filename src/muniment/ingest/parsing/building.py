"""Collects blocks into the one text of a document. Every parser writes through this, so every span is exact."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from muniment.core.cleaning import clean, one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.structure import is_division, recognise
from muniment.ingest.types import (
    LONGEST_LEFT_OUT,
    MOST_LEFT_OUT,
    Block,
    BlockKind,
    ExtractedDocument,
    LeftOut,
    LeftOutKind,
    Limits,
)

SEPARATOR = "\n\n"
_LONGEST_TITLE = 200
_CUT = LONGEST_LEFT_OUT - 1


@dataclass(slots=True)
class Page:
    """Where a page begins and ends; empty pages lie where the text before them ends."""

    span: tuple[int, int] = (0, 0)


class TextBuilder:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0
        self._left_out: list[LeftOut] = []

    @property
    def length(self) -> int:
        """Characters so far: where the next page starts."""
        return self._length

    @contextmanager
    def page(self) -> Iterator[Page]:
        """What is added inside is on one page, whose span is known after it."""
        page, before = Page(), self._length
        yield page
        is_empty = self._length == before
        page.span = (before if is_empty or not before else before + len(SEPARATOR), self._length)

    @property
    def is_empty(self) -> bool:
        return not self._blocks

    def add(self, kind: BlockKind, text: str, *, level: int = 0, page: int | None = None) -> int:
        """Where the block starts. `text` is clean; blank text is no block, blank lines around it are not kept."""
        text = text.strip("\n").rstrip() if kind is BlockKind.CODE else text.strip()
        if not text or text.isspace():
            return self._length
        if len(self._blocks) == self._limits.max_blocks:
            raise ParseError(Reason.TOO_MANY_BLOCKS, limit=self._limits.max_blocks)
        start = self._append(SEPARATOR if self._parts else "", text)
        self._blocks.append(Block(kind, level, start, self._length, page))
        return start

    def continue_last(self, text: str) -> int:
        """Where `text` starts, which the last block goes on with: a paragraph that runs over the end of a page."""
        start = self._append("\n", text)
        self._blocks[-1] = replace(self._blocks[-1], end=self._length)
        return start

    def goes_on(self, text: str) -> bool:
        """Whether the last block is a paragraph cut within a sentence, and `text` starts in the middle of one."""
        last = self._blocks[-1] if self._blocks else None
        if last is None or last.kind is not BlockKind.PARAGRAPH:
            return False
        return text[0].islower() and (self._parts[-1][-1].islower() or self._parts[-1][-1] == ",")

    def _append(self, separator: str, text: str) -> int:
        start = self._length + len(separator)
        if start + len(text) > self._limits.max_characters:
            raise ParseError(Reason.TOO_MUCH_TEXT, limit=self._limits.max_characters)
        self._parts += (separator, text) if separator else (text,)
        self._length = start + len(text)
        return start

    def leave_out(self, kind: LeftOutKind, place: str, text: str = "") -> None:
        """Lists what is no part of the text: the first so many of a document, each cut where it gets long."""
        if len(self._left_out) < MOST_LEFT_OUT:
            place, text = one_line(place)[:_LONGEST_TITLE], clean(text).strip()
            self._left_out.append(LeftOut(kind, place, text if len(text) <= LONGEST_LEFT_OUT else text[:_CUT] + "…"))

    def finish(
        self, *, media_type: str, title: str | None = "", pages: tuple[tuple[int, int], ...] = (), plain: bool = False
    ) -> ExtractedDocument:
        """The document. `plain`: headings are not marked in this format and are told by how their lines look.

        `title` is clean; where it is empty the first heading serves, where it is None there is none.
        Raises ParseError (NO_TEXT).
        """
        if self.is_empty:
            raise ParseError(Reason.NO_TEXT)
        text = "".join(self._parts)
        blocks = recognise(text, self._blocks, plain=plain)
        if title == "":
            title = _first_heading(text, blocks)
        return ExtractedDocument(
            text=text,
            blocks=tuple(blocks),
            pages=pages,
            title=(title or "")[:_LONGEST_TITLE].rstrip() or None,
            language=None,  # told outside of the sandbox: `ingest/language.py`
            media_type=media_type,
            words=len(text.split()),
            left_out=tuple(self._left_out),
        )


def _first_heading(text: str, blocks: list[Block]) -> str:
    first = next((block for block in blocks[:5] if block.kind is BlockKind.HEADING), None)
    title = " ".join(text[first.start : first.end].split()) if first else ""
    return "" if is_division(title) else title
