"""XLSX: our own walk over the parts of the package, because rows are to be read one at a time within bounded memory,
and hidden rows, columns and sheets told from those that show (docs/decisions/0012-formats.md).

Formulas are not computed: the value that was last saved with them is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from muniment.core.cleaning import one_line
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.cell_formats import shown
from muniment.ingest.parsing.cell_styles import CellStyle, cell_styles
from muniment.ingest.parsing.package import Package
from muniment.ingest.parsing.rows import HiddenCells, RowWriter
from muniment.ingest.types import BlockKind, ExtractedDocument, HiddenBy, LeftOutKind, Limits

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MOST_COLUMNS = 16_384
_TRUE = frozenset(["1", "true"])
_GAP = 3
"""Two blank rows part two tables; one may stand within."""


@dataclass(frozen=True, slots=True)
class _Book:
    strings: list[str]
    styles: list[CellStyle]
    since_1904: bool


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


def parse_xlsx(data: bytes, limits: Limits) -> ExtractedDocument:
    """Raises ParseError: as `checked_archive`, malformed, too much text, no text."""
    builder = TextBuilder(limits)
    with Package.opened(data, limits) as package:
        title = package.describe(builder, "docProps/core.xml")
        workbook = package.xml("xl/workbook.xml")
        properties = workbook.find(".//{*}workbookPr")
        since_1904 = properties is not None and properties.get("date1904") in _TRUE
        book = _Book(_strings(package), cell_styles(package.optional_xml("xl/styles.xml")), since_1904)
        for string in book.strings:
            builder.look_through(string)
        for sheet in _sheets(package, workbook):
            _Reading(builder, package, book, sheet).run()
    return builder.finish(media_type=MEDIA_TYPE, title=title)


def _sheets(package: Package, workbook: etree._Element) -> Iterator[_Sheet]:
    """In the order of their tabs; sheets that are only a chart or a macro have no rows."""
    relations = package.relations("xl/workbook.xml")
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        identifier = next((sheet.get(name) for name in _RELATION_IDS if sheet.get(name)), "") or ""
        relation = relations.get(identifier)
        if relation is not None and relation.kind == "worksheet":
            hidden = sheet.get("state", "visible") != "visible"
            yield _Sheet(one_line(sheet.get("name") or ""), relation.target, hidden)


def _strings(package: Package) -> list[str]:
    part = "xl/sharedStrings.xml"
    tags = [f"{_MAIN}si", f"{_STRICT}si"]
    return [_words(item) for item in package.elements(part, tags)] if part in package.names else []


def _words(item: etree._Element) -> str:
    """The runs of a string, without how it is pronounced."""
    runs = ((run.text or "", run.getparent()) for run in item.iter("{*}t"))
    return "".join(text for text, above in runs if above is None or not above.tag.endswith("}rPh"))


def _int(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else 0


class _Reading:
    """One sheet."""

    def __init__(self, builder: TextBuilder, package: Package, book: _Book, sheet: _Sheet) -> None:
        self._builder = builder
        self._package = package
        self._book = book
        self._sheet = sheet
        self._hidden = HiddenCells(builder, sheet.name, is_whole=sheet.hidden)

    def run(self) -> None:
        if not self._sheet.hidden:
            self._builder.add(BlockKind.HEADING, self._sheet.name, level=1)
        writer = RowWriter(self._builder)
        tags = [f"{space}{name}" for space in (_MAIN, _STRICT) for name in ("col", "row")]
        before = 0
        for element in self._package.elements(self._sheet.part, tags):
            if etree.QName(element).localname == "col":
                self._column(element)
                continue
            number = _int(element.get("r")) or before + 1
            cells = self._cells(element, number)
            kept = self._hidden.without(cells, number, row_is_hidden=element.get("hidden") in _TRUE)
            if any(kept):
                if number - before >= _GAP:
                    writer.end()
                writer.add(kept)
                before = number
        writer.end()
        self._hidden.list()
        self._comments()

    def _column(self, element: etree._Element) -> None:
        if element.get("hidden") in _TRUE:
            first, last = _int(element.get("min")), min(_int(element.get("max")), _MOST_COLUMNS)
            self._hidden.columns |= set(range(first - 1, last))

    def _cells(self, row: etree._Element, number: int) -> list[str]:
        cells: list[str] = []
        for cell in row.iterfind("{*}c"):
            found = _REFERENCE.fullmatch(cell.get("r") or "")
            at = _column_number(found[1]) if found else len(cells)
            if len(cells) <= at < _MOST_COLUMNS:
                cells += [""] * (at - len(cells))
                value, style = self._value(cell), self._style(cell)
                how = style.hidden_by if value and style else HiddenBy.NONE
                cells.append(self._hidden.hide(value, number, how) if how else value)
        return cells

    def _value(self, cell: etree._Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return self._builder.look_through(_words(cell))
        value = cell.findtext("{*}v") or ""
        if kind == "s":
            at = _int(value)
            return self._book.strings[at] if value and at < len(self._book.strings) else ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, "")
        if kind != "n" or not value:
            return value
        style = self._style(cell)
        return shown(value, style.code if style else "", since_1904=self._book.since_1904)

    def _style(self, cell: etree._Element) -> CellStyle | None:
        at = _int(cell.get("s"))
        return self._book.styles[at] if at < len(self._book.styles) else None

    def _comments(self) -> None:
        for relation in self._package.relations(self._sheet.part).values():
            if relation.kind == "comments":
                for comment in self._package.xml(relation.target).iter("{*}comment"):
                    place = f"{self._sheet.name}, {comment.get('ref') or ''}"  # "Prices, B3" in every language
                    self._builder.leave_out(LeftOutKind.COMMENT, place, _words(comment))


def _column_number(letters: str) -> int:
    """From 0: "A" is 0, "AA" 26."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1
