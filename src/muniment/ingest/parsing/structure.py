"""Finds structure that a format does not mark: the headings of legal texts, list items torn from their markers.

Works on blocks only; not a character of the text is touched.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from muniment.ingest.tables import is_row
from muniment.ingest.types import Block, BlockKind

_RANKS = {
    "part": 1, "teil": 1, "partie": 1, "parte": 1, "book": 1, "buch": 1, "livre": 1, "libro": 1,
    "annex": 1, "anhang": 1, "annexe": 1, "allegato": 1, "anexo": 1, "appendix": 1, "schedule": 1, "anlage": 1,
    "title": 3, "titel": 3, "titre": 3, "título": 3, "titolo": 3,
    "chapter": 5, "kapitel": 5, "chapitre": 5, "capítulo": 5, "capo": 5, "hauptstück": 5,
    "section": 7, "abschnitt": 7, "sección": 7, "sezione": 7, "unterabschnitt": 9, "subsection": 9,
    "article": 11, "artikel": 11, "artículo": 11, "articolo": 11, "artigo": 11, "§": 11, "§§": 11, "rule": 11,
    "clause": 11, "recital": 11,
}  # fmt: skip
"""How deep the divisions of a law lie, outermost 1; the even levels are for the names below them."""

_DIVISION = re.compile(
    r"(?P<word>[^\W\d_]+|§§?)\s{0,3}(?P<number>\d{1,4}(?:[.]\d{1,3}){0,3}\s?[a-z]{0,2}|[IVXLCivxlc]{1,7}|[A-Z])"
    r"(?:(?P<sign>\s{0,3}[.:\u2013\u2014-]\s{0,3}|\s{1,3})(?P<name>[^\n]{2,120}))?"
)
_MARKER = re.compile(r"(?:\(?(?:[0-9]{1,3}|[a-zA-Z]{1,2}|[ivxlIVXL]{1,5})[.)]|[-*\u2022\u25e6\u2013\u2014\u00b7])")
_MARKED = re.compile(_MARKER.pattern + r"(?:\s|\Z)")
_FLOWING = frozenset([BlockKind.PARAGRAPH, BlockKind.LIST_ITEM])
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+[^\W\d_a-z]")

_LONGEST_HEADING = 120
_LONGEST_NAME = 200
_MOST_WORDS = 14
_PLAIN_LEVEL = 30
"""Deeper than any division of a law: a stand-alone line inside an Article stays inside it."""
_CLOSERS = '."!?;:,\u2026\u201d'


def recognise(text: str, blocks: Sequence[Block], *, plain: bool) -> list[Block]:
    """The same text in better told blocks. `plain`: the format marks no headings, so short stand-alone lines count."""
    found = _join_markers(text, blocks)
    found = _promote_divisions(text, found)
    return _promote_lines(text, found) if plain else found


def _join_markers(text: str, blocks: Sequence[Block]) -> list[Block]:
    """A marker like "(a)" on a line of its own belongs to the paragraph after it: together they are one list item."""
    joined: list[Block] = []
    marker: Block | None = None
    for block in blocks:
        if marker is not None:
            if _takes_marker(text, block):
                joined.append(replace(block, kind=BlockKind.LIST_ITEM, start=marker.start, page=marker.page))
                marker = None
                continue
            joined.append(marker)
            marker = None
        if block.kind in _FLOWING and _MARKER.fullmatch(text, block.start, block.end):
            marker = block
        else:
            joined.append(block)
    return [*joined, marker] if marker is not None else joined


def _takes_marker(text: str, block: Block) -> bool:
    if block.kind is BlockKind.LIST_ITEM:
        return _MARKED.match(text, block.start, block.end) is None
    return block.kind is BlockKind.PARAGRAPH


def _promote_divisions(text: str, blocks: list[Block]) -> list[Block]:
    """Lines like "CHAPTER III" become headings; the short line after one is its name, one level below."""
    found: list[Block] = []
    outer = 0
    expecting = 0
    for position, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            outer, expecting = block.level, 0
        elif block.kind is BlockKind.PARAGRAPH:
            rank, is_named = _division(text, block.start, block.end)
            if rank:
                block = _heading(block, outer + rank)  # noqa: PLW2901 - the promoted block takes its place
                expecting = 0 if is_named else outer + rank + 1
            elif expecting and position + 1 < len(blocks) and _is_name(text[block.start : block.end]):
                block = _heading(block, expecting)  # noqa: PLW2901
                expecting = 0
            else:
                expecting = 0
        else:
            expecting = 0
        found.append(block)
    return found


def is_division(line: str) -> bool:
    """Whether this heading only numbers a part of a law: it makes no title."""
    return _division(line, 0, len(line))[0] > 0


def _heading(block: Block, level: int) -> Block:
    return replace(block, kind=BlockKind.HEADING, level=level)


def _division(text: str, start: int, end: int) -> tuple[int, bool]:
    """(rank, whether the name stands on the same line); rank 0: not the heading of a division."""
    if not 2 <= end - start <= _LONGEST_HEADING + 20 or not (text[start].isupper() or text[start] == "§"):
        return 0, False
    match = _DIVISION.fullmatch(text, start, end)
    rank = _RANKS.get(match["word"].lower(), 0) if match else 0
    if match is None or not rank:
        return 0, False
    name = match["name"]
    if name is None:
        return rank, False
    is_heading = name[0].isupper() and name[-1] not in _CLOSERS and len(name.split()) <= _MOST_WORDS
    return (rank, True) if is_heading else (0, False)


def _is_name(line: str) -> bool:
    short = len(line) <= _LONGEST_NAME and "\n" not in line
    return short and line[0].isupper() and line[-1] not in ".;:,!?" and _MARKER.match(line) is None


def _promote_lines(text: str, blocks: list[Block]) -> list[Block]:
    """In text without marks: a short line that stands alone before a paragraph is the heading of that paragraph."""
    found: list[Block] = []
    outer = 0
    for position, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            outer = block.level if block.level < _PLAIN_LEVEL else outer
        elif block.kind is BlockKind.PARAGRAPH:
            following = blocks[position + 1] if position + 1 < len(blocks) else None
            level = _line_level(text[block.start : block.end], is_first=position == 0)
            if level and following is not None and _has_body(text, following, is_first=position == 0):
                found.append(_heading(block, level if outer == 0 and level == 1 else _PLAIN_LEVEL + level))
                continue
        found.append(block)
    return found


def _line_level(line: str, *, is_first: bool) -> int:
    """0: no heading. 1: a title. 2 and more: "Notes", "2 Scope", "2.1 Material scope"."""
    if "\n" in line or not 2 <= len(line) <= _LONGEST_HEADING or line[-1] in _CLOSERS or is_row(line):
        return 0
    numbered = _NUMBERED.match(line)
    if not (line[0].isupper() or numbered) or len(line.split()) > (2 * _MOST_WORDS if is_first else _MOST_WORDS):
        return 0
    if numbered:
        return 2 + numbered[1].count(".")
    return 1 if is_first else 2


def _has_body(text: str, following: Block, *, is_first: bool) -> bool:
    body = text[following.start : following.end]
    return is_first or following.kind is not BlockKind.PARAGRAPH or len(body) > _LONGEST_HEADING or body[-1] in ".:;!?"
