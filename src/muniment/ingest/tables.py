"""Tables as they stand in a text: one row a line, cells joined by " | "."""

import re
from collections.abc import Iterable, Sequence

from muniment.core.cleaning import one_line

CELL = " | "
_LONGEST_NAME = 80  # characters of a column's name
_NO_NAME = re.compile(r"[^\w]*[-+]?[\d][\d.,:/\s%-]*[^\w]*|true|false|yes|no", re.IGNORECASE)
"""Numbers, dates, times, shares, amounts: what stands in a table, never above one."""


def as_cell(words: str) -> str:
    """The words of a cell on one line; what would part cells within it is written another way."""
    return one_line(words).replace(CELL, " / ")


def as_table(rows: Iterable[Iterable[str]]) -> str:
    """The words of cells as a table; a row of blanks is none."""
    lines = (CELL.join(map(as_cell, row)) for row in rows)
    return "\n".join(line for line in lines if line.strip(CELL))


def is_row(line: str) -> bool:
    return CELL in line


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split(CELL)]


def names_columns(first: str, others: Sequence[str]) -> bool:
    """The same for a table as it stands in a text, whose rows may as well be pairs ("Name | Alice")."""
    return is_header(cells(first), list(map(cells, others)), is_sheet=False)


def is_header(first: Sequence[str], others: Sequence[Sequence[str]], *, is_sheet: bool) -> bool:
    """Whether the first row of a table says what the columns below it hold. By its look: no format marks it reliably.

    Names are short, differ, are no numbers, span half of the table, and are not followed by what they name ("Ward:
    Eight" is a cell that says its own). In a sheet (`is_sheet`) a row above others is a header as a rule; elsewhere
    names hold no digits, and above two columns there is a header only where all that follows is numbers.
    """
    names = [name for name in first if name]
    widest = max((sum(map(bool, row)) for row in others), default=0)
    differ = len({name.lower() for name in names}) == len(names)
    if not names or not widest or not differ or 2 * len(names) < widest or not all(map(_is_name, names)):
        return False
    if is_sheet:
        return True
    return not any(map(_has_digit, names)) and (len(first) > 2 or all(row and _has_digit(row[-1]) for row in others))


def _is_name(cell: str) -> bool:
    return len(cell) <= _LONGEST_NAME and ": " not in cell and not _NO_NAME.fullmatch(cell)


def spelled_out(header: str, row: str) -> str:
    """A row as a reader understands it: "Ward: Eight. Hours: 15 to 17". Without a header that fits, as it stands."""
    names, values = cells(header), cells(row)
    if not header or len(names) != len(values):
        return row
    return ". ".join(f"{name}: {value}" if name else value for name, value in zip(names, values, strict=True) if value)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
