"""Which words of a slide do not show: on shapes beside the slide, too small, or coloured like what they stand on.

The ground is told by the shape or the slide itself; where neither says, only white words on a slide without pictures,
without filled shapes and without a ground of its own count as hidden when its shapes are not placeholders, whose ground
the template decides.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from lxml import etree

from muniment.ingest.parsing.colours import WHITE, Colour, alike, colour
from muniment.ingest.types import HiddenBy

_SMALLEST = 200
"""Hundredths of a point."""
_USUAL = (12_192_000, 6_858_000)
_THEME = {"bg1": WHITE, "lt1": WHITE}


def slide_size(presentation: etree._Element) -> tuple[int, int]:
    """Width and height in EMU (914,400 to the inch)."""
    size = presentation.find("{*}sldSz")
    return (_number(size.get("cx")) or _USUAL[0], _number(size.get("cy")) or _USUAL[1]) if size is not None else _USUAL


class SlideLook:
    def __init__(self, slide: etree._Element, size: tuple[int, int]) -> None:
        self._size = size
        own = slide.find("{*}cSld/{*}bg/{*}bgPr/{*}solidFill")
        self._ground: Colour | None = _fill(own) if own is not None else None
        is_bare = slide.find("{*}cSld/{*}bg") is None and next(slide.iter("{*}pic"), None) is None
        filled = (shape.find("{*}spPr/{*}solidFill") is not None for shape in slide.iter("{*}sp"))
        self._is_bare = is_bare and not any(filled)

    def shape_hidden_by(self, shape: etree._Element) -> HiddenBy:
        """Whether the shape lies beside the slide. One within a group has another measure and is taken for shown."""
        place = shape.find("*/{*}xfrm") if shape.find("{*}xfrm") is None else shape.find("{*}xfrm")
        parent = shape.getparent()
        if place is None or (parent is not None and etree.QName(parent).localname == "grpSp"):
            return HiddenBy.NONE
        at, extent = place.find("{*}off"), place.find("{*}ext")
        if at is None or extent is None:
            return HiddenBy.NONE
        left, top = _number(at.get("x")), _number(at.get("y"))
        right, bottom = left + _number(extent.get("cx")), top + _number(extent.get("cy"))
        is_beside = right <= 0 or bottom <= 0 or left >= self._size[0] or top >= self._size[1]
        return HiddenBy.OFF_PAGE if is_beside else HiddenBy.NONE

    def hidden_runs(self, shapes: Iterable[etree._Element]) -> list[tuple[HiddenBy, str]]:
        """Words within these shapes that do not show, which are taken out of them."""
        found: list[tuple[HiddenBy, str]] = []
        for shape in shapes:
            runs = [(run, self._hidden_by(run, shape)) for run in shape.iter("{*}r") if _words(run)]
            for how, some in groupby(runs, key=lambda one: one[1]):
                if how:
                    found.append((how, "".join(_emptied(run for run, _ in some))))
        return found

    def _hidden_by(self, run: etree._Element, shape: etree._Element) -> HiddenBy:
        about = run.find("{*}rPr")
        if about is None:
            return HiddenBy.NONE
        size = about.get("sz") or ""
        if size.isascii() and size.isdigit() and int(size[:9]) < _SMALLEST:
            return HiddenBy.TINY
        ink = about.find("{*}solidFill")
        if ink is None:
            return HiddenBy.COLOUR if about.find("{*}noFill") is not None else HiddenBy.NONE
        if any(_number(one.get("val")) < _FAINT for one in ink.iter("{*}alpha")):
            return HiddenBy.COLOUR
        return HiddenBy.COLOUR if alike(_fill(ink), self._under(run, shape)) else HiddenBy.NONE

    def _under(self, run: etree._Element, shape: etree._Element) -> Colour | None:
        cell = next(run.iterancestors("{*}tc"), None)
        if cell is not None:
            own = cell.find("{*}tcPr/{*}solidFill")
            return _fill(own) if own is not None else None
        own = shape.find("{*}spPr/{*}solidFill")
        if own is not None:
            return _fill(own)
        is_styled = shape.find("{*}style") is not None or shape.find("{*}nvSpPr/{*}nvPr/{*}ph") is not None
        if self._ground is not None and shape.find("{*}style") is None:
            return self._ground
        return WHITE if self._is_bare and not is_styled else None


_FAINT = 15_000
"""Of 100,000."""


def _emptied(runs: Iterable[etree._Element]) -> Iterator[str]:
    for run in runs:
        yield _words(run)
        for text in run.iter("{*}t"):
            text.text = ""


def _words(run: etree._Element) -> str:
    return "".join(text.text or "" for text in run.iter("{*}t"))


def _fill(solid: etree._Element) -> Colour | None:
    for one in solid.iterchildren(etree.Element):
        value = one.get("val") or ""
        found = _THEME.get(value) or colour(one.get("lastClr") or value)
        return found if not len(one) or one.find("{*}alpha") is not None else None  # a shade of it is another colour
    return None


def _number(value: str | None) -> int:
    text = value or ""
    return int(text) if 0 < len(text) < 12 and text.lstrip("-").isdigit() and text.isascii() else 0
