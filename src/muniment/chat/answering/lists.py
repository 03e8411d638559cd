"""Which sentence introduces which: "The record shall contain:" belongs to "(a) the name of the controller;".

A list item quoted without its introduction says half a thing, and an introduction without its items says nothing.
Works on spans in reading order, whatever format they came from; purely by the look of the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MARKER = re.compile(
    r"(?P<open>[(\[]?)(?:(?P<digits>\d{1,3})|(?P<letters>[a-z]{1,4}|[A-Z]{1,2}))(?P<close>[.)\]]\)?)\s|(?P<bullet>[-*\u2022\u25e6\u2013\u2014])\s"
)
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
_LETTERS_BEFORE_ROMAN = {"i": "h", "v": "u", "x": "w"}


@dataclass(slots=True)
class _Open:
    """An introduction whose items are being read. `own` and `items` are kinds of markers; None: not yet known."""

    sentence: int
    own: str | None
    items: str | None = None


def without_marker(text: str) -> str:
    """The sentence without what numbers it."""
    marker = _MARKER.match(text)
    return text[marker.end() :].lstrip() if marker else text


def introductions(text: str, spans: Sequence[tuple[int, int]]) -> list[int | None]:
    """For each sentence of `text` the position of the one that introduces it; None where it stands on its own.

    Items of items lead to the item above them. A sentence in the middle of an item has the item's introduction.
    """
    found: list[int | None] = []
    open_lists: list[_Open] = []
    last_marker = ""
    for at, (start, end) in enumerate(spans):
        marker = _MARKER.match(text, start, end)
        kind = _kind(marker, last_marker) if marker else None
        new_block = at == 0 or "\n" in text[spans[at - 1][1] : start]
        if marker:
            last_marker = marker["letters"] or ""
            _close(open_lists, str(kind))
        elif new_block:
            open_lists = [one for one in open_lists[-1:] if one.sentence == at - 1 and one.items is None]
            if open_lists and not _is_item_without_marker(text, start, end):
                open_lists = []
        found.append(open_lists[-1].sentence if open_lists else None)
        if text[end - 1] == ":":
            open_lists.append(_Open(at, kind))
    return found


def _close(open_lists: list[_Open], kind: str) -> None:
    """Leaves the innermost list that this kind of marker can be an item of on top."""
    while open_lists:
        top = open_lists[-1]
        if top.items is None and top.own != kind:
            top.items = kind
        if top.items == kind:
            return
        open_lists.pop()


def _is_item_without_marker(text: str, start: int, end: int) -> bool:
    """What follows a colon in a new line, begins small or ends as items do, is one although nothing marks it."""
    return text[start].islower() or text[end - 1] in ";,"


def _kind(marker: re.Match[str], before: str) -> str:
    if marker["bullet"]:
        return "bullet"
    form = f"{marker['open']}{marker['close']}"
    if marker["digits"]:
        return f"1{form}"
    letters = marker["letters"]
    is_roman = bool(_ROMAN.fullmatch(letters)) and before != _LETTERS_BEFORE_ROMAN.get(letters)
    return f"i{form}" if is_roman else f"a{form}"
