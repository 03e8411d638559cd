"""The extracted text of a document as HTML, with the cited places marked.

Attack stopped: a document that says `<script>`. Every character of it passes `escape`; every tag is written here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

from muniment.chat.answering.lists import without_marker
from muniment.ingest.tables import CELL, names_columns
from muniment.ingest.types import Block, BlockKind, ExtractedDocument

PART = 40_000
"""Characters shown at once where a format has no pages: a browser stays quick, and a 50 MB text opens like a note."""
_DEEPEST_HEADING, _DEEPEST_ITEM = 5, 4

Span = tuple[int, int]


def parts(document: ExtractedDocument) -> list[Span]:
    """The text in pieces of about `PART` characters, cut between blocks; a block longer than two is cut at a blank."""
    starts = [0]
    for block in document.blocks:
        if block.start - starts[-1] >= PART:
            starts.append(block.start)
        while block.end - starts[-1] > 2 * PART:
            low, high = starts[-1] + PART // 2, starts[-1] + PART
            blank = max(document.text.rfind(" ", low, high), document.text.rfind("\n", low, high))
            starts.append(blank + 1 if blank >= 0 else high)
    return list(zip(starts, [*starts[1:], len(document.text)], strict=True))


def leaf(document: ExtractedDocument, shown: Span, *, hits: Sequence[Span], here: int | None = None) -> SafeString:
    """Safe HTML of the blocks, or parts of blocks, within `shown`. `here`: which of the hits (from 0) stands out."""
    marks = _Marks(document.text, hits, here)
    start, end = shown
    blocks = [block for block in document.blocks if block.start < end and block.end > start]
    cut = _stepped([_Piece(block, max(block.start, start), min(block.end, end)) for block in blocks])
    groups = groupby(cut, key=lambda piece: piece.block.kind is BlockKind.LIST_ITEM)
    written = (_list(marks, some) if items else "".join(_block(marks, one) for one in some) for items, some in groups)
    return mark_safe("".join(written))  # noqa: S308 - tags are written here, words by `_Marks`, which escapes them


@dataclass(frozen=True, slots=True)
class _Piece:
    """What of a block is shown."""

    block: Block
    start: int
    end: int
    heading: int = 0
    """the level of the tag, 2 or more"""


def _stepped(pieces: list[_Piece]) -> list[_Piece]:
    """Headings go down one level at a time, below the name of the document, so that a screen reader finds its way."""
    last, stepped = 1, []
    for piece in pieces:
        if piece.block.kind is BlockKind.HEADING:
            last = min(piece.block.level + 1, last + 1, _DEEPEST_HEADING)
            piece = replace(piece, heading=last)  # noqa: PLW2901 - the same piece, completed
        stepped.append(piece)
    return stepped


class _Marks:
    def __init__(self, text: str, hits: Sequence[Span], here: int | None) -> None:
        self.text = text
        self._hits = sorted((start, end, number) for number, (start, end) in enumerate(hits))
        self._here = here
        self._named: set[int] = set()

    def words(self, start: int, end: int) -> str:
        """The escaped text from `start` to `end`; what of it is cited lies in <mark>. Marks never overlap."""
        out: list[str] = []
        at = start
        for first, last, number in self._hits:
            first, last = max(first, at), min(last, end)  # noqa: PLW2901 - what is left of it here
            if first < last:
                out += escape(self.text[at:first]), self._tag(number), escape(self.text[first:last]), "</mark>"
                at = last
        return "".join([*out, escape(self.text[at:end])])

    def _tag(self, number: int) -> str:
        name = "" if number in self._named else f' id="hit-{number + 1}"'
        self._named.add(number)
        return f'<mark{name} class="is-here">' if number == self._here else f"<mark{name}>"


def _block(marks: _Marks, piece: _Piece) -> str:
    words = marks.words(piece.start, piece.end) if piece.block.kind is not BlockKind.TABLE else ""
    match piece.block.kind:
        case BlockKind.HEADING:
            return f"<h{piece.heading}>{words}</h{piece.heading}>"
        case BlockKind.TABLE:
            return _table(marks, piece)
        case BlockKind.CODE:
            return f"<pre>{words}</pre>"
        case BlockKind.QUOTE:
            return f"<blockquote><p>{words}</p></blockquote>"
        case _:
            return f"<p>{words}</p>"


def _list(marks: _Marks, pieces: Iterator[_Piece]) -> str:
    """Items keep the markers they have in the text: what is shown is what was read, and what a citation counts."""
    return f"<ul>{''.join(_item(marks, piece) for piece in pieces)}</ul>"


def _item(marks: _Marks, piece: _Piece) -> str:
    """A bullet is no word of many formats; where the text holds no marker the page draws one."""
    text = marks.text[piece.start : piece.end]
    unmarked = " is-unmarked" * (piece.start == piece.block.start and without_marker(text) == text)
    words = marks.words(piece.start, piece.end)
    return f'<li class="depth-{min(piece.block.level, _DEEPEST_ITEM)}{unmarked}">{words}</li>'


def _table(marks: _Marks, piece: _Piece) -> str:
    rows = list(_pieces(marks.text, piece.start, piece.end, "\n"))
    lines = [marks.text[start:end] for start, end in rows]
    named = piece.start == piece.block.start and names_columns(lines[0], lines[1:])
    header = f"<thead>{_row(marks, rows.pop(0), 'th')}</thead>" if named else ""
    return f"<table>{header}<tbody>{''.join(_row(marks, row, 'td') for row in rows)}</tbody></table>"


def _row(marks: _Marks, row: Span, tag: str) -> str:
    cells = (f"<{tag}>{marks.words(*cell)}</{tag}>" for cell in _pieces(marks.text, *row, CELL))
    return f"<tr>{''.join(cells)}</tr>"


def _pieces(text: str, start: int, end: int, separator: str) -> Iterator[Span]:
    while (at := text.find(separator, start, end)) >= 0:
        yield start, at
        start = at + len(separator)
    yield start, end
