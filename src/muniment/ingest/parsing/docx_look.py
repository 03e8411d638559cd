"""Whether Word shows a run of words: formatted as hidden, coloured like its ground, or too small to be read.

Where the ground is not told (in a table of a style, in a drawn shape) words count as shown.
"""

from collections.abc import Iterator
from functools import cached_property

from docx.oxml.ns import qn
from lxml import etree

from muniment.ingest.parsing.colours import WHITE, Colour, alike, colour
from muniment.ingest.types import HiddenBy

_SMALLEST = 4
"""Half points: below two points nobody reads."""
_OFF = frozenset(["0", "false", "off", "none"])
_PLAIN_TABLES = frozenset(["", "TableGrid", "TableNormal", "Tabellenraster"])
_SHAPES = frozenset([qn("w:txbxContent"), "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}wsp"])
_FILLED = {"background1": WHITE, "light1": WHITE}
_DEEPEST = 12


class Looks:
    def __init__(self, styles: etree._Element | None) -> None:
        self._styles = {
            style.get(qn("w:styleId")) or "": style for style in (() if styles is None else styles.iter(qn("w:style")))
        }

    def hidden_by(self, run: etree._Element) -> HiddenBy:
        """How a run (`w:r`) is kept from showing."""
        own = run.find(qn("w:rPr"))
        if own is None and not self._hides:
            return HiddenBy.NONE
        paragraph = next(run.iterancestors(qn("w:p")), None)
        told = list(self._told(own, paragraph))
        vanish = _first(told, "w:vanish")
        if vanish is not None and vanish.get(qn("w:val"), "true").lower() not in _OFF:
            return HiddenBy.FORMAT
        size = _first(told, "w:sz")
        if size is not None and _number(size.get(qn("w:val"))) < _SMALLEST:
            return HiddenBy.TINY
        ink = _first(told, "w:color")
        if ink is not None and alike(_colour(ink, "w:val", "w:themeColor"), _ground(own, paragraph)):
            return HiddenBy.COLOUR
        return HiddenBy.NONE

    @cached_property
    def _hides(self) -> bool:
        """Whether any style says something that could hide: most documents have none, and are read faster."""
        names = ("w:vanish", "w:color", "w:sz")
        return any(
            style.find(f"{qn('w:rPr')}/{qn(name)}") is not None for style in self._styles.values() for name in names
        )

    def _told(self, own: etree._Element | None, paragraph: etree._Element | None) -> Iterator[etree._Element]:
        """Properties of the run, of its style, of its paragraph's style, and of those they are based on."""
        if own is not None:
            yield own
            yield from self._line(_value(own, "w:rStyle"))
        about = paragraph.find(qn("w:pPr")) if paragraph is not None else None
        if about is not None:
            yield from self._line(_value(about, "w:pStyle"))

    def _line(self, key: str) -> Iterator[etree._Element]:
        for _ in range(_DEEPEST):
            style = self._styles.get(key)
            if style is None:
                return
            properties = style.find(qn("w:rPr"))
            if properties is not None:
                yield properties
            key = _value(style, "w:basedOn")


def _first(told: list[etree._Element], name: str) -> etree._Element | None:
    return next((found for one in told if (found := one.find(qn(name))) is not None), None)


def _ground(own: etree._Element | None, paragraph: etree._Element | None) -> Colour | None:
    """The colour the words stand on; None where it is not told."""
    if own is not None and (mark := own.find(qn("w:highlight"))) is not None:
        return colour(mark.get(qn("w:val")) or "")
    about = paragraph.find(qn("w:pPr")) if paragraph is not None else None
    above = list(paragraph.iterancestors()) if paragraph is not None else []
    cell = next((one for one in above if one.tag == qn("w:tc")), None)
    places = (own, about, cell.find(qn("w:tcPr")) if cell is not None else None)
    for place in places:
        shade = place.find(qn("w:shd")) if place is not None else None
        if shade is not None and (found := _colour(shade, "w:fill", "w:themeFill")) is not None:
            return found
    if any(one.tag in _SHAPES for one in above):
        return None
    table = next((one for one in above if one.tag == qn("w:tbl")), None)
    properties = table.find(qn("w:tblPr")) if table is not None else None
    style = _value(properties, "w:tblStyle") if properties is not None else ""
    return WHITE if style in _PLAIN_TABLES else None


def _colour(element: etree._Element, name: str, theme: str) -> Colour | None:
    return _FILLED.get(element.get(qn(theme)) or "") or colour(element.get(qn(name)) or "")


def _value(element: etree._Element, name: str) -> str:
    child = element.find(qn(name))
    return "" if child is None else child.get(qn("w:val")) or ""


def _number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else _SMALLEST
