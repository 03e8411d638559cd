"""Which words of a PDF page nobody sees: by what is drawn, not by what the file says of itself.

A text object is hidden when it leaves no ink (render mode, transparency), lies outside of the page or of its clip, is
too small to read, or changes no pixel of the drawn page: white on white, black on black, under a box or a picture.
Drawing is dear, so a page is drawn only where an object is under suspicion for its colour or for what lies over it.

Residue accepted: a hidden word in the very place of a suspect one that shows counts as shown. Words that a picture
shows and words under that picture may differ (TEXT_LAYER says where).
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import hypot
from typing import Any

import pypdfium2.raw as pdfium
from PIL import Image, ImageChops

from muniment.ingest.types import HiddenBy

_SMALLEST = 2.0
"""Points: smaller letters are not read by anybody (a footnote has six)."""
_LIGHT = 170
"""A letter all of whose colours are stronger than this may be unseen on white."""
_FAINT = 40
"""Of 255: less is next to transparent."""
_ALIKE = 60
_SEEN = 20
"""Of 255: less of a difference than this is no ink."""
_MOST_PIXELS = 1_500_000
_DEEPEST = 10
_MOST_OBJECTS = 20_000
_LARGE = 0.6
"""Of the page: a picture of at least this share is a picture of the page."""
_NO_TEXT = pdfium.FPDF_TEXTRENDERMODE_UNKNOWN
_UNINKED = frozenset([pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP])

_SIDES = tuple(ctypes.c_float() for _ in range(4))
_SHARES = tuple(ctypes.c_uint() for _ in range(4))
"""Where pdfium writes: one thread reads, and a place made anew for each object was a third of the cost."""

_Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top in page coordinates."""
_Matrix = tuple[float, float, float, float, float, float]
_UNMOVED: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class _Object:
    handle: Any
    colour: tuple[int, int, int, int]
    bounds: _Bounds


@dataclass(slots=True)
class _Found:
    """Text objects by the suspicion they are under, and what may lie under or over them."""

    count: int = 0
    """of text objects that are there to be seen"""
    hidden: dict[int, HiddenBy] = field(default_factory=dict)
    """by the address of the object"""
    suspect: list[_Object] = field(default_factory=list)
    grounds: list[_Object] = field(default_factory=list)
    """what is filled, as far as the page is walked"""
    shown: list[_Object] = field(default_factory=list)
    has_large_picture: bool = False


@dataclass(frozen=True, slots=True)
class HiddenText:
    """`objects`: by address. `is_layer`: all words of the page lie unseen under its picture."""

    objects: dict[int, HiddenBy]
    is_layer: bool = False


def hidden_text(page: Any) -> HiddenText:
    """What of this page nobody sees. Depends on nothing but the page."""
    box = page.get_bbox()
    found = _Found()
    for each, mode, matrix in _objects(page):
        if mode == _NO_TEXT:
            _ground(each, matrix, found, box)
        else:
            _look_at(each, mode, matrix, found, box)
    seen = found.count
    if found.suspect:
        unseen = set(_unseen(page, found.suspect, box))
        found.hidden |= dict.fromkeys(unseen, HiddenBy.COLOUR)
        seen = found.count - len(unseen)
    if found.has_large_picture and not seen and found.hidden:
        layer = {HiddenBy.RENDERING, HiddenBy.COLOUR}
        others = {address: how for address, how in found.hidden.items() if how not in layer}
        return HiddenText(others, is_layer=len(others) < len(found.hidden))
    return HiddenText(found.hidden)


def _objects(page: Any) -> Iterator[tuple[Any, int, _Matrix]]:
    """All objects of the page in the order they are drawn, with their render mode; those in forms with its matrix."""
    for at in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        each = pdfium.FPDFPage_GetObject(page, at)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(each)
        yield each, mode, _UNMOVED
        if mode == _NO_TEXT and pdfium.FPDFPageObj_GetType(each) == pdfium.FPDF_PAGEOBJ_FORM:
            yield from _inside(each, _UNMOVED, 0)


def _inside(form: Any, above: _Matrix, depth: int) -> Iterator[tuple[Any, int, _Matrix]]:
    if depth == _DEEPEST:
        return
    matrix = _times(_matrix(form), above)
    for at in range(min(pdfium.FPDFFormObj_CountObjects(form), _MOST_OBJECTS)):
        each = pdfium.FPDFFormObj_GetObject(form, at)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(each)
        yield each, mode, matrix
        if mode == _NO_TEXT and pdfium.FPDFPageObj_GetType(each) == pdfium.FPDF_PAGEOBJ_FORM:
            yield from _inside(each, matrix, depth + 1)


def _look_at(each: Any, mode: int, matrix: _Matrix, found: _Found, box: _Bounds) -> None:
    bounds, colour = _bounds(each, matrix), _colour(each)
    if mode in _UNINKED or colour[3] < _FAINT:
        how = HiddenBy.RENDERING
    elif bounds[2] <= box[0] or bounds[0] >= box[2] or bounds[3] <= box[1] or bounds[1] >= box[3]:
        how = HiddenBy.OFF_PAGE
    elif bounds[3] - bounds[1] < _SMALLEST and bounds[2] - bounds[0] > 0 and _size(each, matrix) < _SMALLEST:
        how = HiddenBy.TINY
    elif matrix is _UNMOVED and _is_clipped(each, bounds):
        how = HiddenBy.CLIPPED
    else:
        found.count += 1
        red, green, blue, _ = colour
        alike = red > _LIGHT and green > _LIGHT and blue > _LIGHT
        if found.grounds and not alike:
            alike = any(_alike(colour, one.colour) and _meets(bounds, one.bounds) for one in found.grounds)
        (found.suspect if alike else found.shown).append(_Object(each, colour, bounds))
        return
    found.hidden[_address(each)] = how


def _ground(each: Any, matrix: _Matrix, found: _Found, box: _Bounds) -> None:
    """Remembers what is filled: words of its colour on it, and words below it, are under suspicion."""
    kind = pdfium.FPDFPageObj_GetType(each)
    is_picture = kind in {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING}
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(each, mode, stroke)
        if not mode.value:
            return
    elif not is_picture:
        return
    bounds = _bounds(each, matrix)
    width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
    if is_picture and width * height >= _LARGE * (box[2] - box[0]) * (box[3] - box[1]):
        found.has_large_picture = True
    if width > _SMALLEST and height > 2 * _SMALLEST:
        colour = (-_ALIKE, -_ALIKE, -_ALIKE, 255) if is_picture else _colour(each)
        found.suspect += [one for one in found.shown if _meets(one.bounds, bounds)]  # it is drawn over them
        found.shown = [one for one in found.shown if not _meets(one.bounds, bounds)]
        found.grounds.append(_Object(each, colour, bounds))


def _unseen(page: Any, suspects: list[_Object], box: _Bounds) -> Iterator[int]:
    """The addresses of those that change nothing about the page as it is drawn."""
    width, height = box[2] - box[0], box[3] - box[1]
    scale = min(1.0, (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
    drawn = _drawn(page, scale)
    for one in suspects:
        pdfium.FPDFPageObj_SetIsActive(one.handle, 0)
    without = _drawn(page, scale)
    for one in suspects:
        pdfium.FPDFPageObj_SetIsActive(one.handle, 1)
    changed = ImageChops.difference(drawn, without)
    for one in suspects:
        part = changed.crop(_pixels(page, one.bounds, changed.size))
        if max(part.convert("L").tobytes()) < _SEEN:
            yield _address(one.handle)


def _drawn(page: Any, scale: float) -> Image.Image:
    bitmap = page.render(scale=scale, may_draw_forms=False)
    try:
        drawn: Image.Image = bitmap.to_pil()
        return drawn.convert("RGB")
    finally:
        bitmap.close()


def _pixels(page: Any, bounds: _Bounds, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Where the bounds lie on the drawn page, a pixel wider all around; at least one pixel."""
    xs, ys = [], []
    for x, y in ((bounds[0], bounds[1]), (bounds[2], bounds[3])):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
        xs.append(min(max(across.value, 0), size[0] - 1))
        ys.append(min(max(down.value, 0), size[1] - 1))
    return max(min(xs) - 1, 0), max(min(ys) - 1, 0), min(max(xs) + 2, size[0]), min(max(ys) + 2, size[1])


def _is_clipped(each: Any, bounds: _Bounds) -> bool:
    """Whether one of the paths it is clipped to lies elsewhere; what is cut in part is looked at as a whole."""
    clip = pdfium.FPDFPageObj_GetClipPath(each)
    count = pdfium.FPDFClipPath_CountPaths(clip)
    for at in range(min(count, 8)) if count > 0 else ():
        points = list(_points(clip, at))
        if points:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            if not _meets(bounds, (min(xs), min(ys), max(xs), max(ys))):
                return True
    return False


def _points(clip: Any, path: int) -> Iterator[tuple[float, float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    for at in range(min(pdfium.FPDFClipPath_CountPathSegments(clip, path), 200)):
        segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, at)
        if pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            yield x.value, y.value


def _bounds(each: Any, matrix: _Matrix) -> _Bounds:
    left, bottom, right, top = _SIDES
    pdfium.FPDFPageObj_GetBounds(each, left, bottom, right, top)
    bounds = (left.value, bottom.value, right.value, top.value)
    if matrix is _UNMOVED:
        return bounds
    a, b, c, d, e, f = matrix
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in bounds[::2] for y in bounds[1::2]]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _colour(each: Any) -> tuple[int, int, int, int]:
    red, green, blue, alpha = _SHARES
    if not pdfium.FPDFPageObj_GetFillColor(each, red, green, blue, alpha):
        return 0, 0, 0, 255
    return red.value, green.value, blue.value, alpha.value


def _size(each: Any, above: _Matrix) -> float:
    """Height of a text object's letters in points."""
    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(each, size)
    _, _, c, d, _, _ = _times(_matrix(each), above)
    return abs(size.value) * hypot(c, d)


def _matrix(each: Any) -> _Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(each, found):
        return _UNMOVED
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(one: _Matrix, two: _Matrix) -> _Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _alike(one: tuple[int, ...], two: tuple[int, ...]) -> bool:
    return all(abs(first - second) < _ALIKE for first, second in zip(one[:3], two[:3], strict=True))


def _meets(one: _Bounds, two: _Bounds) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def _address(each: Any) -> int:
    return ctypes.addressof(each.contents)
