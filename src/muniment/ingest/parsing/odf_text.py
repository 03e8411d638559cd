"""The words of OpenDocument text and slides: headings, paragraphs, lists, tables, frames, notes."""

from lxml import etree

from muniment.core.cleaning import clean, one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.odf_look import Hiding, how_hidden, is_off_page
from muniment.ingest.parsing.odf_names import DRAW, OFFICE, PRESENTATION, SVG, TABLE, TEXT
from muniment.ingest.parsing.package import inner_text
from muniment.ingest.tables import as_table
from muniment.ingest.types import BlockKind, HiddenBy, LeftOutKind, Unit

_DEEPEST = 120
_MOST_BLANKS = 100
_SKIPPED = frozenset([
    f"{TEXT}table-of-content", f"{TEXT}sequence-decls", f"{TEXT}variable-decls", f"{OFFICE}forms", f"{OFFICE}scripts",
    f"{OFFICE}event-listeners", f"{TEXT}hidden-paragraph", f"{TEXT}ruby-text", f"{TEXT}alphabetical-index-mark",
    f"{SVG}title", f"{SVG}desc", f"{TEXT}bibliography-mark",
])  # fmt: skip
_ASIDE = frozenset([f"{DRAW}frame", f"{DRAW}custom-shape", f"{DRAW}text-box", f"{DRAW}g"])
_FURNITURE = frozenset(["header", "footer", "date-time", "page-number"])
_BREAKS = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}


class Walk:
    """`hiding`: the styles whose words do not show."""

    def __init__(self, builder: TextBuilder, hiding: Hiding, *, page: int | None = None) -> None:
        self._builder = builder
        self._hiding = hiding
        self._page = page
        self._notes: list[str] = []

    def run(self, parent: etree._Element) -> None:
        self._blocks(parent, 0, -1)
        for description in parent.iter(f"{SVG}title", f"{SVG}desc"):
            if description.text:
                self._leave_out(LeftOutKind.DESCRIPTION, description.text)
        for note in self._notes:
            self._builder.add(BlockKind.PARAGRAPH, note, page=self._page)

    def words(self, element: etree._Element, depth: int = 0) -> str:
        """What shows of a paragraph; what lies beside its line (frames, notes, comments) is not in it."""
        if depth > _DEEPEST:
            raise ParseError(Reason.TOO_DEEP)
        parts = [element.text or ""]
        for child in element.iterchildren(etree.Element):
            parts += (self._inline(child, depth + 1), child.tail or "")
        return "".join(parts)

    def _inline(self, child: etree._Element, depth: int) -> str:
        tag = child.tag
        if tag in _BREAKS:
            return _BREAKS[tag]
        if tag == f"{TEXT}s":
            count = child.get(f"{TEXT}c", "1")
            return " " * min(int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 1, _MOST_BLANKS)
        if tag == f"{TEXT}note":
            self._note(child, depth)
        elif tag == f"{OFFICE}annotation":
            words = " ".join(self.words(one, depth) for one in child.iter(f"{TEXT}p"))
            self._leave_out(LeftOutKind.COMMENT, words)
        elif tag == f"{TEXT}hidden-text":
            hidden = child.get(f"{TEXT}string-value") or inner_text(child)
            self._leave_out(LeftOutKind.HIDDEN, hidden, HiddenBy.FORMAT)
        elif how := how_hidden(child, self._hiding):
            self._leave_out(LeftOutKind.HIDDEN, inner_text(child), how)
        elif tag not in _SKIPPED and tag not in _ASIDE:
            return self.words(child, depth)
        return ""

    def _leave_out(self, kind: LeftOutKind, words: str, how: HiddenBy = HiddenBy.NONE, *, place: str = "") -> None:
        unit = Unit.NONE if self._page is None else Unit.SLIDE
        self._builder.leave_out(kind, place, words, unit=unit, number=self._page or 0, hidden_by=how)

    def _note(self, note: etree._Element, depth: int) -> None:
        body = note.find(f"{TEXT}note-body")
        if body is not None:
            words = " ".join(self.words(one, depth) for one in body.iter(f"{TEXT}p"))
            self._notes.append(clean(words).strip())

    def _blocks(self, parent: etree._Element, depth: int, level: int) -> None:
        """`level`: of the list around, from 0; -1 outside of lists."""
        if depth > _DEEPEST:
            raise ParseError(Reason.TOO_DEEP)
        for child in parent.iterchildren(etree.Element):
            tag = child.tag
            if tag in {f"{TEXT}h", f"{TEXT}p"}:
                self._paragraph(child, depth, level)
            elif tag == f"{TABLE}table":
                self._table(child, depth)
            elif tag == f"{TEXT}tracked-changes":
                self._changes(child)
            elif how := _hidden_part(child):
                self._leave_out(LeftOutKind.HIDDEN, inner_text(child), how, place=child.get(f"{TEXT}name") or "")
            elif tag == f"{OFFICE}annotation":
                self._leave_out(LeftOutKind.COMMENT, inner_text(child))
            elif tag == f"{DRAW}frame" and child.get(f"{PRESENTATION}class") == "title":
                words = one_line(" ".join(self.words(one) for one in child.iter(f"{TEXT}p")))
                self._builder.add(BlockKind.HEADING, words, level=1, page=self._page)
            elif tag not in _SKIPPED and child.get(f"{PRESENTATION}class") not in _FURNITURE:
                self._blocks(child, depth + 1, level + (tag == f"{TEXT}list"))

    def _paragraph(self, element: etree._Element, depth: int, level: int) -> None:
        if how := how_hidden(element, self._hiding):
            self._leave_out(LeftOutKind.HIDDEN, inner_text(element), how)
            return
        words = clean(self.words(element)).strip()
        if element.tag == f"{TEXT}h":
            outline = element.get(f"{TEXT}outline-level", "1")
            rank = int(outline) if outline.isascii() and outline.isdigit() and len(outline) < 3 else 1
            self._builder.add(BlockKind.HEADING, one_line(words), level=max(rank, 1), page=self._page)
        elif level >= 0:
            self._builder.add(BlockKind.LIST_ITEM, words, level=level, page=self._page)
        else:
            self._builder.add(BlockKind.PARAGRAPH, words, page=self._page)
        for frame in element.iterchildren(*_ASIDE):
            self._blocks(frame, depth + 1, -1)

    def _table(self, table: etree._Element, depth: int) -> None:
        """One row a line. A table of one column is a frame around what it holds."""
        rows = [
            list(row.iterchildren(f"{TABLE}table-cell"))
            for row in table.iter(f"{TABLE}table-row")
            if next(row.iterancestors(f"{TABLE}table"), None) is table
        ]
        if all(len(row) <= 1 for row in rows):
            for row in rows:
                for cell in row:
                    self._blocks(cell, depth + 1, -1)
            return
        self._builder.add(BlockKind.TABLE, as_table(map(self._cell, row) for row in rows), page=self._page)

    def _cell(self, cell: etree._Element) -> str:
        return " ".join(self.words(one) for one in cell.iter(f"{TEXT}p", f"{TEXT}h"))

    def _changes(self, changes: etree._Element) -> None:
        """Deleted words are kept here; inserted ones stand in the text."""
        for deletion in changes.iter(f"{TEXT}deletion"):
            words = " ".join(inner_text(one) for one in deletion.iter(f"{TEXT}p", f"{TEXT}h"))
            self._leave_out(LeftOutKind.CHANGE, words)


def _hidden_part(element: etree._Element) -> HiddenBy:
    if element.get(f"{TEXT}display") == "none":
        return HiddenBy.PART
    return HiddenBy.OFF_PAGE if element.tag == f"{DRAW}frame" and is_off_page(element) else HiddenBy.NONE
