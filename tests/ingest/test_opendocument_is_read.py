"""ODT and ODS as they show: deletions, comments and what is hidden are listed and not read."""

import pytest

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import BlockKind, ExtractedDocument, HiddenBy, LeftOut, LeftOutKind, Limits, Unit
from tests.ingest import office

HIDES = '<style:style style:name="h"><style:text-properties text:display="none"/></style:style>'
SHEET = '<table:table table:name="{}" table:style-name="{}">{}</table:table>'
HIDDEN_SHEET = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
ROWS = office.row("Place", "Price") + office.row("East", "2 €")


def _read(data: bytes, limits: Limits | None = None) -> ExtractedDocument:
    return read(data, name_hint="", limits=limits or Limits(), on_progress=lambda _done, _total: None)


def test_headings_lists_tables_and_notes() -> None:
    note = "<text:note><text:note-body><text:p>At a time.</text:p></text:note-body></text:note>"
    found = _read(
        office.odf(
            "text",
            f'<text:h text:outline-level="2">Wards</text:h><text:p>Two<text:s text:c="2"/>visitors.{note}</text:p>'
            "<text:list><text:list-item><text:p>Wash.</text:p><text:list><text:list-item><text:p>Both hands.</text:p>"
            "</text:list-item></text:list></text:list-item></text:list>"
            f"<table:table>{office.row('Ward', 'Hours')}{office.row('Surgery', '10')}</table:table>",
        )
    )
    blocks = [(one.kind, one.level, found.text[one.start : one.end]) for one in found.blocks]
    assert blocks == [
        (BlockKind.HEADING, 2, "Wards"),
        (BlockKind.PARAGRAPH, 0, "Two  visitors."),
        (BlockKind.LIST_ITEM, 0, "Wash."),
        (BlockKind.LIST_ITEM, 1, "Both hands."),
        (BlockKind.TABLE, 0, "Ward | Hours\nSurgery | 10"),
        (BlockKind.PARAGRAPH, 0, "At a time."),
    ]


def test_what_does_not_show_is_listed() -> None:
    deletion = "<text:changed-region><text:deletion><text:p>Gone.</text:p></text:deletion></text:changed-region>"
    found = _read(
        office.odf(
            "text",
            f"<text:tracked-changes>{deletion}</text:tracked-changes>"
            "<text:p>Open<office:annotation><text:p>Check this.</text:p></office:annotation>"
            '<text:span text:style-name="h">secret</text:span>.</text:p>'
            '<text:section text:name="Draft" text:display="none"><text:p>Later.</text:p></text:section>',
            styles=HIDES,
        )
    )
    assert found.text == "Open."
    assert set(found.left_out) == {
        LeftOut(LeftOutKind.CHANGE, "", "Gone."),
        LeftOut(LeftOutKind.COMMENT, "", "Check this."),
        LeftOut(LeftOutKind.HIDDEN, "", "secret", hidden_by=HiddenBy.FORMAT),
        LeftOut(LeftOutKind.HIDDEN, "Draft", "Later.", hidden_by=HiddenBy.PART),
    }


def test_sheets_rows_and_columns_that_do_not_show_are_listed() -> None:
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    hidden = office.row("West", "9 €", attributes='table:visibility="filter"')
    sheets = SHEET.format("Prices", "", columns + ROWS + hidden) + SHEET.format("Salaries", "h", office.row("Alice"))
    found = _read(office.odf("spreadsheet", sheets, styles=HIDDEN_SHEET))
    assert found.text == "Prices\n\nPlace: East"
    assert set(found.left_out) == {
        LeftOut(LeftOutKind.HIDDEN, "Prices", "West | 9 €", Unit.ROW, 3, HiddenBy.PART),
        LeftOut(LeftOutKind.HIDDEN, "Prices", "Price\n2 €", Unit.COLUMN, 2, HiddenBy.PART),
        LeftOut(LeftOutKind.HIDDEN, "Salaries", "Alice", hidden_by=HiddenBy.PART),
    }


def test_a_row_said_to_be_repeated_for_ever_meets_the_limit_of_text() -> None:
    endless = office.row("East", "x" * 50, attributes='table:number-rows-repeated="999999999"')
    with pytest.raises(ParseError) as caught:
        _read(office.odf("spreadsheet", SHEET.format("S", "", endless)), Limits(max_characters=10_000))
    assert caught.value.reason is Reason.TOO_MUCH_TEXT


def test_blank_repetitions_cost_nothing() -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384"/>'
    blank = f'<table:table-row table:number-rows-repeated="1048570">{cell}</table:table-row>'
    found = _read(office.odf("spreadsheet", SHEET.format("S", "", ROWS + blank)))
    assert found.text == "S\n\nPlace: East | Price: 2 €"


def test_a_password_is_told() -> None:
    manifest = {"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}
    with pytest.raises(ParseError) as caught:
        _read(office.package({"mimetype": "x", "content.xml": "\x00no xml", **manifest}))
    assert caught.value.reason is Reason.ENCRYPTED


def test_a_body_of_no_known_kind_is_told() -> None:
    with pytest.raises(ParseError) as caught:
        _read(office.odf("chart", "<text:p>x</text:p>"))
    assert caught.value.reason is Reason.MALFORMED


def test_one_with_a_password_is_told_although_its_manifest_declares_a_document_type() -> None:
    """As OpenOffice 2 wrote them."""
    manifest = (
        '<?xml version="1.0"?><!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "M.dtd">'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry>'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    data = office.odf("text", "<text:p>x</text:p>", extra={"META-INF/manifest.xml": manifest})
    with pytest.raises(ParseError) as caught:
        _read(data)
    assert caught.value.reason is Reason.ENCRYPTED
