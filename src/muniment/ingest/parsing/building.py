"""Collects blocks into the one text of a document. Every parser writes through this, so every span is exact."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from muniment.core.cleaning import clean
from muniment.ingest.beside import MEANT, PAGES
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.marking import Marking
from muniment.ingest.parsing.structure import is_division, recognise
from muniment.ingest.types import (
    Block,
    BlockKind,
    ExtractedDocument,
    HiddenBy,
    LeftOutKind,
    Limits,
    MarkKind,
    RecognisedWord,
    Unit,
)

SEPARATOR = "\n\n"
_LONGEST_TITLE = 200


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
        self._marking = Marking()
        self._along: list[tuple[int, str]] = []
        """Words from beside the text that are read with it: they wait for the end of their page, if they are of one
        (from 1), else for the end of a block."""

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
        self._add_along({0})
        self._add(kind, text, level, page)
        return self._blocks[-1].start

    def _add(self, kind: BlockKind, text: str, level: int, page: int | None) -> None:
        if len(self._blocks) == self._limits.max_blocks:
            raise ParseError(Reason.TOO_MANY_BLOCKS, limit=self._limits.max_blocks)
        start = self._append(SEPARATOR if self._parts else "", text)
        self._blocks.append(Block(kind, level, start, self._length, page))

    def end_page(self, number: int) -> None:
        """Behind the last block of this page: where its own words lie is counted from its start."""
        self._add_along({number})

    def _add_along(self, pages: Collection[int]) -> None:
        """As quotations: no paragraph goes on behind them."""
        along, self._along = self._along, []
        for number, words in along:
            if number in pages:
                self._add(BlockKind.QUOTE, words, 0, number or None)
            else:
                self._along.append((number, words))

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

    def leave_out(
        self,
        kind: LeftOutKind,
        place: str = "",
        text: str = "",
        *,
        unit: Unit = Unit.NONE,
        number: int = 0,
        hidden_by: HiddenBy = HiddenBy.NONE,
    ) -> None:
        """Lists what is no part of the text, and marks what nobody should hide (`marking`).

        What the agent's owner chose is read along. Attack stopped: words hidden as no document needs it, and words that
        command a model, never are, so that nobody is led to let them in. Residue accepted: the owner judges the rest.
        """
        words = clean(text).strip()
        is_asked = bool(words) and kind.value in self._limits.also and hidden_by not in MEANT
        is_read = self._marking.leave_out(
            kind, place, text, unit=unit, number=number, hidden_by=hidden_by, at=self._length, is_read=is_asked
        )
        if is_read:
            self._along.append((number if unit in PAGES else 0, words))

    def look_through(self, raw: str, *, page: int | None = None) -> str:
        """`raw` as it came, after its invisible characters were looked at: they are dropped by `clean` for good."""
        self._marking.look_through(raw, page=page, at=self._length)
        return raw

    def aside(self) -> "TextBuilder":
        """For words that are said a second time: they are looked at, and do not stand in the text twice."""
        other = TextBuilder(replace(self._limits, also=()))
        other._marking = self._marking
        return other

    def mark(self, kind: MarkKind, *, page: int | None) -> None:
        """Marks what comes next."""
        self._marking.add(kind, page, self._length, self._length)

    def finish(
        self,
        *,
        media_type: str,
        title: str | None = "",
        pages: tuple[tuple[int, int], ...] = (),
        pictures: tuple[int, ...] = (),
        recognised: tuple[RecognisedWord, ...] = (),
        plain: bool = False,
    ) -> ExtractedDocument:
        """The document. `plain`: headings are not marked in this format and are told by how their lines look.

        `title` is clean; where it is empty the first heading serves, where it is None there is none.
        Without text there is a document only where there are `pictures` of it. Raises ParseError (NO_TEXT).
        """
        self._add_along({number for number, _ in self._along})
        if self.is_empty and not pictures:
            raise ParseError(Reason.NO_TEXT)
        text = "".join(self._parts)
        blocks = recognise(text, self._blocks, plain=plain)
        if title == "":
            title = _first_heading(text, blocks)
        words = text.split()
        self._marking.look_at(text, words, pages)
        return ExtractedDocument(
            text=text,
            blocks=tuple(blocks),
            pages=pages,
            title=(title or "")[:_LONGEST_TITLE].rstrip() or None,
            language=None,  # told outside of the sandbox: `ingest/language.py`
            media_type=media_type,
            words=len(words),
            left_out=self._marking.left_out,
            marks=self._marking.marks,
            pictures=pictures,
            recognised=recognised,
        )


def _first_heading(text: str, blocks: list[Block]) -> str:
    first = next((block for block in blocks[:5] if block.kind is BlockKind.HEADING), None)
    title = " ".join(text[first.start : first.end].split()) if first else ""
    return "" if is_division(title) else title
