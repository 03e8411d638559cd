"""What the structure of a tagged PDF has read out instead of what a page shows: alternate and actual text.

pdfium gives the structure page by page, and for each page all children of an element with those of other pages left
blank: looked for is from where the page before ended. Residue accepted: elements that belong to no page, those hundreds
of others away from the rest of their page, and those of late pages of a book of very many.
"""

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2.raw as pdfium

_MOST = 4_000
"""Children that are asked for on a page, blank ones included."""
_MOST_BLANK = 500
"""One after another, before the rest are taken to be of other pages too."""
_MOST_LOADED = 10_000_000
"""Children, summed over all pages: pdfium prepares about one a microsecond, asked for or not."""
_DEEPEST = 100
_LONGEST = 200_000
"""Bytes."""
_READERS = (pdfium.FPDF_StructElement_GetAltText, pdfium.FPDF_StructElement_GetActualText)

_Path = tuple[int, ...]
_Children = Callable[[Any, int], Any]


class Structure:
    """Of one document, whose pages are asked in order."""

    def __init__(self) -> None:
        self._reached: dict[_Path, int] = {}
        """By element: the last of its children that the pages so far hold."""
        self._left = 0
        self._to_load = _MOST_LOADED

    def alternate_texts(self, page: Any, shown: str) -> list[str]:
        """Each once, without what the page shows as well (`shown`: its text)."""
        tree = pdfium.FPDF_StructTree_GetForPage(page) if self._to_load > 0 else None
        if not tree:
            return []
        try:
            self._left = _MOST
            count = pdfium.FPDF_StructTree_CountChildren(tree)
            elements = self._elements(pdfium.FPDF_StructTree_GetChildAtIndex, tree, count, ())
            texts = dict.fromkeys(_text(reader, element) for element in elements for reader in _READERS)
        finally:
            pdfium.FPDF_StructTree_Close(tree)
        on_page = _letters(shown)
        return [text for text in texts if (letters := _letters(text)) and letters not in on_page]

    def _elements(self, get: _Children, parent: Any, count: int, path: _Path) -> Iterator[Any]:
        self._to_load -= max(count, 0)
        begin = min(self._reached.get(path, 0), max(count, 0))
        for some in (range(begin, count), range(begin)):
            for at, element in self._of_page(get, parent, some):
                if at >= begin:
                    self._reached[path] = at
                yield element
                if len(path) < _DEEPEST:
                    within = pdfium.FPDF_StructElement_CountChildren(element)
                    yield from self._elements(pdfium.FPDF_StructElement_GetChildAtIndex, element, within, (*path, at))

    def _of_page(self, get: _Children, parent: Any, some: range) -> Iterator[tuple[int, Any]]:
        blank = 0
        for at in some:
            if not self._left or blank == _MOST_BLANK:
                return
            self._left -= 1
            if element := get(parent, at):
                yield at, element
                blank = 0
            else:
                blank += 1


def _text(reader: Callable[..., int], element: Any) -> str:
    size = reader(element, None, 0)
    if size <= 2 or size > _LONGEST:
        return ""
    buffer = ctypes.create_string_buffer(size)
    reader(element, buffer, size)
    return buffer.raw[: size - 2].decode("utf-16-le", errors="replace").strip()


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
