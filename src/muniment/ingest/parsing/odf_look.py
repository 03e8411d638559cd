"""Which styles of an OpenDocument file keep the words that have them from showing."""

import re
from collections.abc import Mapping

from lxml import etree

from muniment.ingest.parsing.colours import WHITE, Colour, alike, colour
from muniment.ingest.parsing.odf_names import DRAW, FORMAT, OFFICE, PRESENTATION, STYLE, SVG, TABLE, TEXT
from muniment.ingest.types import HiddenBy

Hiding = Mapping[str, HiddenBy]
"""By the name of the style."""

_POINTS = re.compile(r"(\d{0,4}\.?\d{1,6})pt")
_SMALLEST = 2.0
_LENGTH = re.compile(r"(-?\d{0,6}\.?\d{1,6})(cm|mm|in|pt)")
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72}
_FAR_AWAY = 150.0
"""Centimetres: no page and no slide is as wide."""
_GROUNDS = frozenset([f"{TABLE}table-cell", f"{DRAW}text-box", f"{DRAW}custom-shape", f"{DRAW}page"])
"""What may have a ground of its own."""


def hiding_styles(root: etree._Element) -> dict[str, HiddenBy]:
    styles = {
        style.get(f"{STYLE}name") or "": _hidden_by(style)
        for style in root.iterfind(f"{OFFICE}automatic-styles/{STYLE}style")
    }
    return {name: how for name, how in styles.items() if how}


def how_hidden(element: etree._Element, hiding: Hiding, style: str = f"{TEXT}style-name") -> HiddenBy:
    """How an element is hidden by its style. Where its ground is not told, coloured words are taken for shown."""
    how = hiding.get(element.get(style) or "", HiddenBy.NONE)
    if how is HiddenBy.COLOUR and any(one.tag in _GROUNDS for one in element.iterancestors()):
        return HiddenBy.NONE
    return how


def is_off_page(frame: etree._Element) -> bool:
    """Whether a frame lies left of, above, or far beyond everything that is shown."""
    left, top = _length(frame.get(f"{SVG}x")), _length(frame.get(f"{SVG}y"))
    width, height = _length(frame.get(f"{SVG}width")), _length(frame.get(f"{SVG}height"))
    return left + width < 0 or top + height < 0 or left > _FAR_AWAY or top > _FAR_AWAY


def _hidden_by(style: etree._Element) -> HiddenBy:
    ink: Colour | None = None
    ground: Colour | None = WHITE
    for properties in style:
        if properties.get(f"{TEXT}display") == "none":
            return HiddenBy.FORMAT
        if properties.get(f"{TABLE}display") == "false" or properties.get(f"{PRESENTATION}visibility") == "hidden":
            return HiddenBy.PART
        size = _POINTS.fullmatch(properties.get(f"{FORMAT}font-size") or "")
        if size and float(size[1]) < _SMALLEST:
            return HiddenBy.TINY
        ink = colour(properties.get(f"{FORMAT}color") or "") or ink
        under = properties.get(f"{FORMAT}background-color")
        ground = ground if under in {None, "transparent"} else colour(under or "")
    return HiddenBy.COLOUR if alike(ink, ground) else HiddenBy.NONE


def _length(written: str | None) -> float:
    found = _LENGTH.fullmatch(written or "")
    return float(found[1]) * _CENTIMETRES[found[2]] if found else 0.0
