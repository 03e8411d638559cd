"""Rows of a table as text. Each row says the names of its columns, so that it is understood where it is cited alone:
"Ward: Surgery | Visitors: three".
"""

import re
from collections.abc import Sequence

from muniment.core.cleaning import one_line
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.types import BlockKind

_LOOKED_AT = 20
"""Rows of a table seen before it is decided which of them is its header."""
_LONGEST_NAME = 100
_ROWS_OF_BLOCK = 100
_NO_NAME = re.compile(r"[^\w]*[-+]?[\d][\d.,:/\s%-]*[^\w]*|true|false|yes|no", re.IGNORECASE)
"""Numbers, dates, times, shares, amounts: what stands in a table, never above one."""


class RowWriter:
    """Takes the cells of row after row; `end` ends a table, after which another may begin."""

    def __init__(self, builder: TextBuilder, *, page: int | None = None) -> None:
        self._builder = builder
        self._page = page
        self._first: list[list[str]] | None = []
        self._header: list[str] = []
        self._lines: list[str] = []

    def add(self, cells: Sequence[str]) -> None:
        """A row of blanks is none."""
        row = [one_line(cell).replace(" | ", " / ") for cell in cells]
        if not any(row):
            return
        if self._first is None:
            self._write(row)
            return
        self._first.append(row)
        if len(self._first) == _LOOKED_AT:
            self._decide()

    def end(self) -> None:
        self._decide()
        self._flush()
        self._first, self._header = [], []

    def _decide(self) -> None:
        """Lines of one cell above a wider table are its title and introduction; then comes the header, if any."""
        first, self._first = self._first or [], None
        widest = max((_filled(row) for row in first), default=0)
        start = next((at for at, row in enumerate(first) if _filled(row) > 1), 0) if widest > 1 else 0
        for row in first[:start]:
            self._builder.add(BlockKind.PARAGRAPH, next(cell for cell in row if cell), page=self._page)
        rest = first[start:]
        if len(rest) > 1 and _is_header(rest[0], max(map(_filled, rest[1:]))):
            self._header = [cell.rstrip(": ") for cell in rest.pop(0)]
        for row in rest:
            self._write(row)

    def _write(self, row: list[str]) -> None:
        line = " | ".join(self._named(at, cell) for at, cell in enumerate(row) if cell)
        if " | " not in line:  # without cells beside it, a line would run on into the next
            self._flush()
            self._builder.add(BlockKind.LIST_ITEM, line, page=self._page)
            return
        self._lines.append(line)
        if len(self._lines) == _ROWS_OF_BLOCK:
            self._flush()

    def _named(self, at: int, cell: str) -> str:
        name = self._header[at] if at < len(self._header) else ""
        return f"{name}: {cell}" if name else cell

    def _flush(self) -> None:
        self._builder.add(BlockKind.TABLE, "\n".join(self._lines), page=self._page)
        self._lines = []


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell)


def _is_header(row: list[str], width: int) -> bool:
    names = [cell for cell in row if cell]
    wide_enough = 2 * len(names) >= width
    distinct = len({name.lower() for name in names}) == len(names)
    return (
        wide_enough and distinct and all(len(name) <= _LONGEST_NAME and not _NO_NAME.fullmatch(name) for name in names)
    )
