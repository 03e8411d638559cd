"""Office, OpenDocument and EPUB files made for tests: by other people's libraries where there are any, else by hand."""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import openpyxl
import pptx
from openpyxl.comments import Comment

ODF = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    f'xmlns:{name}="{ODF}:{space}:1.0"'
    for name, space in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style",
        "presentation": "presentation", "fo": "xsl-fo-compatible",
    }.items()
)  # fmt: skip


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """The same bytes for the same parts: an archive holds when each was put into it, to two seconds."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return _saved(made)


def price_list() -> bytes:
    """Formats of numbers; a hidden row, column and sheet; a comment; properties."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = "Prices"
    for row in [
        ["Prices of 2026"],
        ["Place", "Price", "Since", "Share", "Opens", "Free", "Inside"],
        ["East wing", 2.5, dt.date(2026, 1, 15), 0.125, dt.time(14, 30), True, "unseen"],
        ["West wing", 1234567.891, dt.datetime(2026, 2, 1, 8, 5), 0.1 + 0.2, None, False],  # noqa: DTZ001 - sheets have no zone
        ["Hidden row", 9],
    ]:
        sheet.append(row)
    sheet["B3"].number_format, sheet["B4"].number_format = '#,##0.00 "€"', "[$€-407] #,##0.00"
    sheet["D3"].number_format = "0.0%"
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["G"].hidden = True
    sheet["A3"].comment = Comment("Check this", "somebody")
    hidden = made.create_sheet("Salaries")
    hidden.append(["Alice", 5000])
    hidden.sheet_state = "hidden"
    made.properties.title, made.properties.creator = "Price list", "Jörg"
    return _saved(made)


def _saved(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def presentation(slides: Sequence[tuple[str, Sequence[str]]], *, hidden: Sequence[int] = (), note: str = "") -> bytes:
    """One slide for each (title, lines); those numbered `hidden` (from 1) are not shown; `note` is on the first."""
    made = pptx.Presentation()
    for number, (title, lines) in enumerate(slides, start=1):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(lines)
        if number in hidden:
            slide._element.set("show", "0")
        if note and number == 1:
            slide.notes_slide.notes_text_frame.text = note
    return _saved(made)


def odf(kind: str, body: str, *, styles: str = "", extra: Mapping[str, str] | None = None) -> bytes:
    """`kind`: text, spreadsheet or presentation; `body`: what stands in its element."""
    content = (
        f"<?xml version='1.0' encoding='UTF-8'?><office:document-content {SPACES}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    return package({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content, **(extra or {})})


def row(*cells: str, attributes: str = "") -> str:
    """A row of an OpenDocument table."""
    held = "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in cells)
    return f"<table:table-row {attributes}>{held}</table:table-row>"


def book(chapters: Sequence[str], *, title: str = "", extra: Mapping[str, str] | None = None) -> bytes:
    """An EPUB of chapters, each the markup of a body."""
    names = [f"text/c{number}.xhtml" for number in range(len(chapters))]
    items = "".join(
        f'<item id="i{at}" href="{name}" media-type="application/xhtml+xml"/>' for at, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="i{at}"/>' for at in range(len(chapters)))
    described = f'<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">{escape(title)}</dc:title>'
    opf = (
        f'<package xmlns="http://www.idpf.org/2007/opf"><metadata>{described}</metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    pages = {
        f"OEBPS/{name}": "<?xml version='1.0'?><!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'>"
        f"<head><title>c</title></head><body>{chapter}</body></html>"
        for name, chapter in zip(names, chapters, strict=True)
    }
    first = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OEBPS/book.opf": opf}
    return package({**first, **pages, **(extra or {})})
