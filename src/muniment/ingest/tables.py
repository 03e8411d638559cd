"""Tables as they stand in a text: one row a line, cells joined by " | "."""

from collections.abc import Iterable, Sequence

from muniment.core.cleaning import one_line

CELL = " | "
_LONGEST_NAME = 60  # characters of a column's name


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
    """Whether the first row of a table says what the columns below it hold. By its look: no format marks it reliably.

    Names are short, hold no digits, and are not followed by what they name ("Ward: Eight" is a cell that says its own).
    Two columns are as often pairs ("Name | Alice"): there the first row is a header only above numbers.
    """
    names = cells(first)
    if not others or any(len(name) > _LONGEST_NAME or _has_digit(name) or ": " in name for name in names):
        return False
    return len(names) > 2 or all(_has_digit(cells(row)[-1]) for row in others)


def spelled_out(header: str, row: str) -> str:
    """A row as a reader understands it: "Ward: Eight. Hours: 15 to 17". Without a header that fits, as it stands."""
    names, values = cells(header), cells(row)
    if not header or len(names) != len(values):
        return row
    return ". ".join(f"{name}: {value}" if name else value for name, value in zip(names, values, strict=True) if value)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
