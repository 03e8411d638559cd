"""The text of one PDF page: lines as pdfium orders them, joined to paragraphs, each character traceable to the page.

The text of a page depends on nothing but that page, so that it can be read again alone to find where its characters
lie. Every change to what pdfium says drops a character or replaces one by one; spans refer to the result.
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from muniment.ingest.parsing.building import SEPARATOR
from muniment.ingest.parsing.pdf_hidden import HiddenText, hidden_text
from muniment.ingest.parsing.structure import is_division
from muniment.ingest.types import HiddenBy

_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""As in `cleaning`, and what marks a hyphen at the end of a line (U+FFFE; U+0002 in older builds)."""
_WIDE_BLANK = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_KEPT_HYPHEN = re.compile("[\ufffe\x02](?=[^a-z\u00df-\u00f6\u00f8-\u00ff])")
"""A hyphen at the end of a line goes when the word goes on in small letters, and stays in "Anglo-Saxon"."""
_ITEM = re.compile(r"(?:[-*\u2022\u25e6\u25cf\u25aa\u2013\uf0b7]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])(?:\s+\S|\Z)")
_APART = 0.35
"""Of a line's height: more than this between two lines is more than line spacing."""
_STOPS = tuple('.!?:;"\u201d\u2026')


@dataclass(slots=True)
class Line:
    """One visual line (or several that hyphens join). Measures in points, y upwards."""

    first: int
    """text index of pdfium's first kept character"""
    raw: str
    text: str
    """`raw` without what nobody sees"""
    left: float
    right: float
    top: float
    bottom: float
    """lower edge of the last character, so that the gap to the next line is right where hyphens joined lines"""
    size: float
    """height of the first character's line box: the font size as it is shown"""
    weight: int

    def indices(self) -> list[int]:
        """For each character of `text`, pdfium's text index."""
        return [self.first + at for at, character in enumerate(self.raw) if not _INVISIBLE.match(character)]


@dataclass
class Paragraph:
    lines: list[Line]

    @cached_property
    def text(self) -> str:
        return "".join(text for text, _ in self._pieces())

    @property
    def size(self) -> float:
        return self.lines[0].size

    @property
    def is_bold(self) -> bool:
        return all(line.weight >= 600 for line in self.lines)

    @property
    def is_item(self) -> bool:
        return _ITEM.match(self.lines[0].text) is not None

    def indices(self) -> list[int]:
        """For each character of `text`, pdfium's text index; -1 for the blanks we put between lines."""
        found: list[int] = []
        for text, line in self._pieces():
            found.extend(line.indices() if line else [-1] * len(text))
        return found

    def _pieces(self) -> Iterator[tuple[str, Line | None]]:
        """A line that was filled flows on; one that was left short stays a line (addresses, tables)."""
        left, right = min(line.left for line in self.lines), max(line.right for line in self.lines)
        for number, line in enumerate(self.lines):
            if number:
                before = self.lines[number - 1]
                yield " " if before.right - left >= 0.75 * (right - left) else "\n", None
            yield line.text, line


@dataclass(frozen=True, slots=True)
class PageText:
    """`raw`: pdfium's text, all of it; `hidden`: words nobody sees, by how they are hidden, in no paragraph."""

    paragraphs: list[Paragraph]
    raw: str
    hidden: dict[HiddenBy, str]
    is_layer: bool


def read_page(page: Any, text_page: Any) -> PageText:
    """The paragraphs of a page in reading order. No paragraph is blank, none begins or ends with a blank."""
    raw = _raw_text(text_page)
    unseen = hidden_text(page) if raw else HiddenText({})
    places = _places(text_page, raw, unseen.objects) if unseen.objects else {}
    words = {how: _words(raw, places, how) for how in dict.fromkeys(places.values())}
    shown = "".join("\x00" if at in places else one for at, one in enumerate(raw)) if places else raw
    return PageText(_paragraphs(list(_lines(text_page, shown))), raw, words, unseen.is_layer)


def _places(text_page: Any, raw: str, objects: dict[int, HiddenBy]) -> dict[int, HiddenBy]:
    """Which of pdfium's text characters belong to hidden objects."""
    found: dict[int, HiddenBy] = {}
    for at in range(len(raw)):
        each = pdfium.FPDFText_GetTextObject(text_page, pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, at))
        if each and (how := objects.get(ctypes.addressof(each.contents))) is not None:
            found[at] = how
    return found


def _words(raw: str, places: dict[int, HiddenBy], how: HiddenBy) -> str:
    """The characters hidden so; what lay between them is a blank."""
    parts: list[str] = []
    before = -1
    for at in (at for at, hidden_by in places.items() if hidden_by is how):
        parts += (" ", raw[at]) if before not in {-1, at - 1} else (raw[at],)
        before = at
    return "".join(parts)


def _paragraphs(lines: list[Line]) -> list[Paragraph]:
    gaps = sorted(before.bottom - line.top for before, line in pairwise(lines) if line.top < before.top)
    usual = gaps[len(gaps) // 5] if gaps else 0.0
    paragraphs: list[Paragraph] = []
    for line in lines:
        if paragraphs and not _begins(paragraphs[-1].lines, line, usual):
            paragraphs[-1].lines.append(line)
        else:
            paragraphs.append(Paragraph([line]))
    return paragraphs


def page_text(paragraphs: list[Paragraph]) -> str:
    return SEPARATOR.join(paragraph.text for paragraph in paragraphs)


def page_indices(paragraphs: list[Paragraph]) -> list[int]:
    """For each character of `page_text`, pdfium's text index, or -1."""
    found: list[int] = []
    for number, paragraph in enumerate(paragraphs):
        if number:
            found.extend([-1] * len(SEPARATOR))
        found.extend(paragraph.indices())
    return found


def _begins(lines: list[Line], line: Line, usual: float) -> bool:
    """Whether this line begins a new paragraph."""
    before = lines[-1]
    text = line.text
    if abs(line.size - before.size) > 0.1 * before.size or _ITEM.match(text) or is_division(text):
        return True
    if len(lines) == 1 and ((line.weight >= 600) != (before.weight >= 600) or is_division(before.text)):
        return True
    ends = before.text.endswith(_STOPS)
    gap = before.bottom - line.top
    if line.top > before.top:  # a new column
        return ends or not text[0].islower()
    if gap > max(usual, 0.0) + _APART * line.size or (ends and gap > _APART * line.size):
        return True
    widest = max(each.right for each in lines)
    is_indented = line.left > before.left + 0.8 * line.size
    ends_short = before.right < widest - 4 * line.size
    return ends and (is_indented or ends_short)


def _lines(text_page: Any, raw: str) -> Iterator[Line]:
    start = 0
    for part in raw.split("\n"):
        first, last = 0, len(part)
        while first < last and _is_blank(part[last - 1]):
            last -= 1
        while first < last and _is_blank(part[first]):
            first += 1
        if first < last:
            yield _measure(text_page, start + first, part[first:last])
        start += len(part) + 1


def _is_blank(character: str) -> bool:
    return not character.isprintable() or character == " " or _INVISIBLE.match(character) is not None


def _raw_text(text_page: Any) -> str:
    """One character of the result is one of pdfium's text characters, whatever it is."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (2 * count + 1))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(buffer)[: 2 * max(0, written - 1)].decode("utf-16-le", "surrogatepass")
    return _KEPT_HYPHEN.sub("-", _WIDE_BLANK.sub(" ", text))


def _measure(text_page: Any, first: int, raw: str) -> Line:
    start, end = (pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, at) for at in (first, first + len(raw) - 1))
    box, last = loose_box(text_page, start), loose_box(text_page, end)
    return Line(
        first=first,
        raw=raw,
        text=_INVISIBLE.sub("", raw),
        left=box.left,
        right=last.right,
        top=box.top,
        bottom=last.bottom,
        size=max(box.top - box.bottom, 0.1),
        weight=pdfium.FPDFText_GetFontWeight(text_page, start),
    )


def loose_box(text_page: Any, character: int) -> Any:
    """The character's share of its line, in page coordinates (FS_RECTF: left, top, right, bottom; y upwards)."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text_page, character, box)
    return box
