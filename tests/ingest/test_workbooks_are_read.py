"""XLSX: every row names its columns, numbers read as they show, what is hidden is listed and not read."""

import pytest

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.cell_formats import shown
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import ExtractedDocument, HiddenBy, LeftOut, LeftOutKind, Limits, Unit
from tests.ingest import office


def _read(data: bytes) -> ExtractedDocument:
    return read(data, name_hint="a.xlsx", limits=Limits(), on_progress=lambda _done, _total: None)


def test_rows_as_they_show() -> None:
    found = _read(office.price_list())
    assert found.title == "Price list"
    assert found.text == (
        "Prices\n\nPrices of 2026\n\n"
        "Place: East wing | Price: 2.50 € | Since: 2026-01-15 | Share: 12.5% | Opens: 14:30 | Free: TRUE\n"
        "Place: West wing | Price: €1,234,567.89 | Since: 2026-02-01 08:05 | Share: 0.3 | Free: FALSE"
    )


def test_what_does_not_show_is_listed() -> None:
    assert set(_read(office.price_list()).left_out) == {
        LeftOut(LeftOutKind.PROPERTY, "creator", "Jörg"),
        LeftOut(LeftOutKind.HIDDEN, "Prices", "Hidden row | 9", Unit.ROW, 5, HiddenBy.PART),
        LeftOut(LeftOutKind.HIDDEN, "Prices", "Inside\nunseen", Unit.COLUMN, 7, HiddenBy.PART),
        LeftOut(LeftOutKind.HIDDEN, "Salaries", "Alice | 5000", hidden_by=HiddenBy.PART),
        LeftOut(LeftOutKind.COMMENT, "Prices, A3", "Check this"),
    }


def test_sheets_are_headings_in_the_order_of_their_tabs() -> None:
    found = _read(office.workbook({"Zoo": [["a", "b"], ["1", "2"]], "Ants": [["c", "d"], ["3", "4"]]}))
    assert found.text == "Zoo\n\na: 1 | b: 2\n\nAnts\n\nc: 3 | d: 4"


def test_two_tables_of_one_sheet_have_headers_of_their_own() -> None:
    found = _read(office.workbook({"S": [["a", "b"], ["1", "2"], [], [], ["c", "d"], ["3", "4"]]}))
    assert found.text == "S\n\na: 1 | b: 2\n\nc: 3 | d: 4"


def test_a_formula_is_read_as_its_last_value() -> None:
    parts = office.parts_of(office.workbook({"S": [["Sum", "Of"], ["=1+1", "two"]]}))
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"<v></v>", b"<v>2</v>").replace(b"<v/>", b"<v>2</v>")
    sheet = sheet.replace(b"<v />", b"<v>2</v>")
    assert _read(office.package({**parts, "xl/worksheets/sheet1.xml": sheet})).text == "S\n\nSum: 2 | Of: two"


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("45000", "dd/mm/yyyy", "2023-03-15"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("45000.5", "General", "45000.5"),
        ("1e3", "", "1000"),
        ("12345678901234567890", "", "12345678901234567890"),
        ("0.5", "0%", "50%"),
        ("1.5", "[h]:mm", "36:00:00"),
        ("3", '0 "days"', "3"),
        ("5", "[Red]0.00;[Blue]-0.00", "5.00"),
        ("1e300", "yyyy-mm-dd", "1e300"),
        ("nan", "yyyy-mm-dd", "nan"),
        ("-1", "yyyy-mm-dd", "-1"),
        ("words", "0.00", "words"),
    ],
)
def test_numbers(value: str, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_a_workbook_that_points_nowhere_is_told() -> None:
    parts = office.parts_of(office.workbook({"S": [["a"]]}))
    parts["xl/sharedStrings.xml"] = b"<x"
    with pytest.raises(ParseError) as caught:
        _read(office.package(parts))
    assert caught.value.reason is Reason.MALFORMED
