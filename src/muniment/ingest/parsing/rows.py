"""Rows of a table as text. Each row says the names of its columns, so that it is understood where it is cited alone:
"Ward: Surgery | Visitors: three".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from muniment.core.cleaning import one_line
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.commands import commands
from muniment.ingest.tables import CELL, as_cell, is_header, is_row
from muniment.ingest.types import LONGEST_LEFT_OUT, MOST_LEFT_OUT, BlockKind, HiddenBy, LeftOutKind, Unit

_LOOKED_AT = 20
"""Rows of a table seen before it is decided which of them is its header."""
_ROWS_OF_BLOCK = 100
_MOST_PLACES = 10 * MOST_LEFT_OUT


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
        row = [as_cell(cell) if cell else "" for cell in cells]
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
        if is_header(rest[0] if rest else (), rest[1:], is_sheet=True):
            self._header = [cell.rstrip(": ") for cell in rest.pop(0)]
        for row in rest:
            self._write(row)

    def _write(self, row: list[str]) -> None:
        line = CELL.join(self._named(at, cell) for at, cell in enumerate(row) if cell)
        if not is_row(line):  # without cells beside it, a line would run on into the next
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


class HiddenCells:
    """What a sheet holds and does not show: it is listed and not read. `columns` are those hidden, from 0."""

    def __init__(self, builder: TextBuilder, sheet: str, *, is_whole: bool) -> None:
        self.columns: set[int] = set()
        self._builder = builder
        self._sheet = sheet
        self._is_whole = is_whole
        self._gathered: dict[_Place, list[str]] = {}
        self._lengths: dict[_Place, int] = {}

    def without(self, cells: Sequence[str], row: int, *, row_is_hidden: bool) -> list[str]:
        """The cells of row number `row` that show; hidden ones are blank."""
        if self._is_whole or row_is_hidden:
            place = _Place() if self._is_whole else _Place(Unit.ROW, row)
            self._gather(place, CELL.join(filter(None, map(one_line, cells))))
            return []
        for at in self.columns.intersection(range(len(cells))):
            self._gather(_Place(Unit.COLUMN, at + 1), one_line(cells[at]))
        return ["" if at in self.columns else cell for at, cell in enumerate(cells)]

    def hide(self, words: str, row: int, how: HiddenBy) -> str:
        """A cell of a row that shows, formatted so that its words do not; what is left of it."""
        self._gather(_Place(Unit.ROW, row, how), one_line(words))
        return ""

    def list(self) -> None:
        for place, words in self._gathered.items():
            self._builder.leave_out(
                LeftOutKind.HIDDEN,
                self._sheet,
                "\n".join(words),
                unit=place.unit,
                number=place.number,
                hidden_by=place.hidden_by,
            )

    def _gather(self, place: "_Place", words: str) -> None:
        """As much as is listed; a hidden sheet of a million rows is not kept in memory for it, unless it commands."""
        if not words:
            return
        is_known = place in self._gathered or len(self._gathered) < MOST_LEFT_OUT
        is_short = self._lengths.get(place, 0) <= LONGEST_LEFT_OUT
        if (is_known and is_short) or (len(self._gathered) < _MOST_PLACES and commands(words)):
            self._gathered.setdefault(place, []).append(words)
            self._lengths[place] = self._lengths.get(place, 0) + len(words) + 1


@dataclass(frozen=True, slots=True)
class _Place:
    unit: Unit = Unit.NONE
    number: int = 0
    hidden_by: HiddenBy = HiddenBy.PART


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell)
