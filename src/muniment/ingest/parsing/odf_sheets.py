"""The sheets of an OpenDocument spreadsheet: every cell as it shows, every row with the names of its columns."""

from collections.abc import Iterator

from lxml import etree

from muniment.core.cleaning import one_line
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.odf_look import Hiding
from muniment.ingest.parsing.odf_names import OFFICE, TABLE, TEXT
from muniment.ingest.parsing.package import inner_text
from muniment.ingest.parsing.rows import HiddenCells, RowWriter
from muniment.ingest.types import BlockKind, HiddenBy, LeftOutKind

_MOST_COLUMNS = 16_384
_MOST_REPEATS = 2**20
"""Rows of a sheet at most, whatever a repetition says; the cap on characters ends a hostile one long before."""
_GAP = 3
_HIDDEN = frozenset(["collapse", "filter"])


def read_sheets(builder: TextBuilder, body: etree._Element, hiding: Hiding) -> None:
    """`hiding`: the styles of sheets that do not show."""
    for sheet in body.iterchildren(f"{TABLE}table"):
        name = one_line(sheet.get(f"{TABLE}name") or "")
        is_hidden = sheet.get(f"{TABLE}style-name") in hiding
        if not is_hidden:
            builder.add(BlockKind.HEADING, name, level=1)
        hidden = HiddenCells(builder, name, is_whole=is_hidden)
        hidden.columns |= set(_hidden_columns(sheet))
        _read_rows(builder, sheet, hidden, hiding)
        hidden.list()
        for comment in sheet.iter(f"{OFFICE}annotation"):
            builder.leave_out(LeftOutKind.COMMENT, name, _words(comment))


def _read_rows(builder: TextBuilder, sheet: etree._Element, hidden: HiddenCells, hiding: Hiding) -> None:
    writer = RowWriter(builder)
    number, before = 0, 0
    for row in sheet.iter(f"{TABLE}table-row"):
        repeats = _count(row, "number-rows-repeated", _MOST_REPEATS)
        number += 1
        cells = [hidden.hide(words, number, how) if how else words for words, how in _cells(row, hiding)]
        if any(cells):
            row_is_hidden = row.get(f"{TABLE}visibility") in _HIDDEN
            for _ in range(repeats):
                kept = hidden.without(cells, number, row_is_hidden=row_is_hidden)
                if any(kept):
                    if number - before >= _GAP:
                        writer.end()
                    writer.add(kept)
                    before = number
                number += 1
            number -= 1
        else:
            number += repeats - 1
    writer.end()


def _cells(row: etree._Element, hiding: Hiding) -> Iterator[tuple[str, HiddenBy]]:
    """Words, and how they are kept from showing."""
    left = _MOST_COLUMNS
    for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
        words = _words(cell)
        repeats = min(_count(cell, "number-columns-repeated", _MOST_COLUMNS), left)
        left -= repeats
        if words or cell.getnext() is not None:  # blanks at the end fill the sheet and say nothing
            how = hiding.get(cell.get(f"{TABLE}style-name") or "", HiddenBy.NONE) if words else HiddenBy.NONE
            yield from [(words, how)] * repeats


def _words(cell: etree._Element) -> str:
    """The paragraphs of a cell, without those of a comment on it."""
    own = (one for one in cell.iter(f"{TEXT}p") if next(one.iterancestors(f"{OFFICE}annotation"), cell) is cell)
    return one_line(" ".join(inner_text(one) for one in own))


def _hidden_columns(sheet: etree._Element) -> Iterator[int]:
    at = 0
    for column in sheet.iter(f"{TABLE}table-column"):
        repeats = _count(column, "number-columns-repeated", _MOST_COLUMNS)
        if column.get(f"{TABLE}visibility") in _HIDDEN:
            yield from range(at, min(at + repeats, _MOST_COLUMNS))
        at += repeats
        if at >= _MOST_COLUMNS:
            return


def _count(element: etree._Element, name: str, most: int) -> int:
    value = element.get(f"{TABLE}{name}", "1")
    return max(1, min(int(value), most)) if value.isascii() and value.isdigit() and len(value) < 10 else 1
