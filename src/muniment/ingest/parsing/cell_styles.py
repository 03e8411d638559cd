"""The styles of an Excel workbook's cells: how numbers read, and whether what is in a cell shows at all."""

from dataclasses import dataclass

from lxml import etree

from muniment.ingest.parsing.cell_formats import code_of
from muniment.ingest.parsing.colours import WHITE, Colour, alike, colour
from muniment.ingest.types import HiddenBy

_WHITE_NUMBERS = frozenset(["1", "9"])
"""of the old palette (ECMA-376, 18.8.27)"""
_SMALLEST = 2.0


@dataclass(frozen=True, slots=True)
class CellStyle:
    """`code`: of the number format."""

    code: str
    hidden_by: HiddenBy


def cell_styles(styles: etree._Element | None) -> list[CellStyle]:
    """In the order in which cells name them."""
    if styles is None:
        return []
    own = {_int(one.get("numFmtId")): one.get("formatCode") or "" for one in styles.iterfind("{*}numFmts/{*}numFmt")}
    fonts = [_font(one) for one in styles.iterfind("{*}fonts/{*}font")]
    fills = [_ground(one) for one in styles.iterfind("{*}fills/{*}fill")]
    found = []
    for one in styles.iterfind("{*}cellXfs/{*}xf"):
        code = code_of(_int(one.get("numFmtId")), own)
        font, fill = _int(one.get("fontId")), _int(one.get("fillId"))
        ink, size = fonts[font] if font < len(fonts) else (None, _SMALLEST)
        ground = fills[fill] if fill < len(fills) else WHITE
        found.append(CellStyle(code, _hidden_by(code, ink, size, ground)))
    return found


def _hidden_by(code: str, ink: Colour | None, size: float, ground: Colour | None) -> HiddenBy:
    if code.replace(" ", "").startswith(";;;"):  # nothing for numbers above, below and at zero, nor for words
        return HiddenBy.FORMAT
    if size < _SMALLEST:
        return HiddenBy.TINY
    return HiddenBy.COLOUR if alike(ink, ground) else HiddenBy.NONE


def _font(font: etree._Element) -> tuple[Colour | None, float]:
    ink, size = font.find("{*}color"), font.find("{*}sz")
    try:
        points = float(size.get("val") or _SMALLEST) if size is not None else _SMALLEST
    except ValueError:
        points = _SMALLEST
    return (_colour(ink) if ink is not None else None), points


def _ground(fill: etree._Element) -> Colour | None:
    """White where nothing is filled; None where that cannot be told."""
    pattern = fill.find("{*}patternFill")
    if pattern is None or pattern.get("patternType", "none") == "none":
        return WHITE if pattern is not None else None
    front = pattern.find("{*}fgColor")
    return _colour(front) if front is not None and pattern.get("patternType") == "solid" else None


def _colour(element: etree._Element) -> Colour | None:
    if element.get("tint"):
        return None
    if element.get("theme") == "0" or element.get("indexed") in _WHITE_NUMBERS:
        return WHITE
    return colour((element.get("rgb") or "")[-6:])


def _int(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else 0
