"""A row of CSV or TSV is understood where it is cited alone: it says the names of its columns."""

import pytest

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import BlockKind, ExtractedDocument, Limits

ROWS = "Ward: Surgery | Visitors: three\nWard: Intensive | Visitors: two"


def _read(text: str | bytes, name: str = "a.csv", limits: Limits | None = None) -> ExtractedDocument:
    data = text.encode() if isinstance(text, str) else text
    return read(data, name_hint=name, limits=limits or Limits(), on_progress=lambda _done, _total: None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_whatever_the_delimiter(delimiter: str) -> None:
    lines = [["Ward", "Visitors"], ["Surgery", "three"], ["Intensive", "two"]]
    document = _read("\r\n".join(delimiter.join(line) for line in lines))
    assert document.text == ROWS
    assert [block.kind for block in document.blocks] == [BlockKind.TABLE]


def test_excel_may_declare_the_delimiter() -> None:
    assert _read("sep=;\na,b;c\n1,2;3\n").text == "a,b: 1,2 | c: 3"


def test_quotes_hold_delimiters_and_line_ends() -> None:
    assert _read('Ward,Note\n"Surgery, east","two\nlines"\n').text == "Ward: Surgery, east | Note: two lines"


def test_numbers_are_no_header() -> None:
    assert _read("1,2\n3,4\n").text == "1 | 2\n3 | 4"


def test_a_title_above_the_header_stays_a_title() -> None:
    assert _read("Visits 2026,\nWard,Visitors\nSurgery,three\nIntensive,two\n").text == f"Visits 2026\n\n{ROWS}"


def test_blank_cells_say_nothing() -> None:
    assert _read("Ward,Visitors,Hours\nSurgery,,10\n,,\n").text == "Ward: Surgery | Hours: 10"


def test_rows_of_one_column_stand_alone() -> None:
    document = _read("Ward\nSurgery\nIntensive\n")
    assert document.text == "Ward: Surgery\n\nWard: Intensive"
    assert {block.kind for block in document.blocks} == {BlockKind.LIST_ITEM}


def test_tables_of_windows_and_of_excel_keep_their_umlauts() -> None:
    wanted = "Straße: Königsallee | Ort: Düsseldorf"
    text = "Straße;Ort\nKönigsallee;Düsseldorf\n"
    assert [_read(text.encode(encoding)).text for encoding in ("utf-8-sig", "cp1252", "utf-16")] == [wanted] * 3


def test_a_quote_that_never_ends_is_told() -> None:
    with pytest.raises(ParseError) as caught:
        _read('a,b\n"' + "x,y\n" * 50_000)
    assert caught.value.reason is Reason.MALFORMED


def test_a_table_larger_than_a_document_may_be_is_refused_while_it_is_read() -> None:
    with pytest.raises(ParseError) as caught:
        _read("a,b\n" + "1,2\n" * 10_000, limits=Limits(max_characters=50_000))
    assert caught.value.reason is Reason.TOO_MUCH_TEXT
