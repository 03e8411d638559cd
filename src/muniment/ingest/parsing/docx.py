"""DOCX: python-docx opens the package and its styles; the words are walked here, because it leaves out what
insertions, content controls and text boxes hold, and would read hidden and deleted text as if it stood there.

The archive has been inflated within its caps and its XML holds no declarations before python-docx sees it.
"""

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from muniment.core.cleaning import clean, one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.archive import checked_archive
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.docx_beside import hidden_words, leave_out
from muniment.ingest.parsing.docx_look import Looks
from muniment.ingest.parsing.docx_numbering import Numbering
from muniment.ingest.tables import as_table
from muniment.ingest.types import BlockKind, ExtractedDocument, Limits

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNSEEN = ("w:del", "w:moveFrom", "w:instrText", "w:delText", "w:pPr", "w:rPr", "w:sdtPr")
_SKIPPED = frozenset([_FALLBACK, *map(qn, _UNSEEN)])
"""What a reader of the document does not see, and the second version that Word writes of each text box."""
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_TEXTS = frozenset([qn("w:t"), qn("m:t")])
_RUN, _PARAGRAPH, _TABLE = qn("w:r"), qn("w:p"), qn("w:tbl")
_ROW, _CELL, _BOX = qn("w:tr"), qn("w:tc"), qn("w:txbxContent")
_DEEPEST = 120
_QUOTES = frozenset(["quote", "intense quote"])


def parse_docx(data: bytes, limits: Limits) -> ExtractedDocument:
    """Raises ParseError: damaged, malformed, encrypted, archive bomb, path or declarations, too deep."""
    checked_archive(data, limits).close()
    try:
        document = docx.Document(io.BytesIO(data))
        styles, numbering = _Styles(document), Numbering.of(document)
    except (OpcError, KeyError, ValueError, AttributeError, TypeError, etree.LxmlError):
        raise ParseError(Reason.MALFORMED) from None  # python-docx believes that parts are of the kind they are named
    builder = TextBuilder(limits)
    looks = Looks(document.styles.element)
    walk = _Walk(builder, styles, numbering, looks)
    notes = list(_parts(document, RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES))
    for root in (document.element.body, *notes):
        walk.blocks(root, 0)
        hidden_words(builder, root, looks)
    leave_out(builder, document, list(_parts(document, RELATIONSHIP_TYPE.COMMENTS)))
    return builder.finish(media_type=MEDIA_TYPE, title=one_line(document.core_properties.title or ""))


def _parts(document: Any, *kinds: str) -> Iterator[etree._Element]:
    """The roots of parts beside the body, such as the footnotes."""
    for kind in kinds:
        for relation in document.part.rels.values():
            if relation.reltype == kind and not relation.is_external:
                yield etree.fromstring(relation.target_part.blob, _parser())


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


class _Styles:
    """What a paragraph's style says of it, through the styles it is based on."""

    def __init__(self, document: Any) -> None:
        self._names: dict[str, str] = {}
        self._levels: dict[str, int] = {}
        self._based: dict[str, str] = {}
        for style in document.styles.element.iterchildren(qn("w:style")):
            key = style.get(qn("w:styleId")) or ""
            self._names[key] = (_value(style, "w:name") or "").lower()
            self._based[key] = _value(style, "w:basedOn") or ""
            outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            if outline is not None:
                self._levels[key] = _number(outline.get(qn("w:val")))

    def heading(self, key: str) -> int:
        """1 to 9; 0 for text. "Title" is level 1 like the chapters below it would be, one above "Heading 1"."""
        for style in self._line(key):
            name = self._names.get(style, "")
            if name == "title":
                return 1
            if name.startswith("heading ") and name[8:].isdigit():
                return min(int(name[8:]), 8) + 1
            if style in self._levels and self._levels[style] < 9:
                return self._levels[style] + 2
        return 0

    def is_quote(self, key: str) -> bool:
        return any(self._names.get(style, "") in _QUOTES for style in self._line(key))

    def _line(self, key: str) -> Iterator[str]:
        for _ in range(12):  # a style may be based on itself in a hostile file
            if not key:
                return
            yield key
            key = self._based.get(key, "")


class _Walk:
    def __init__(self, builder: TextBuilder, styles: _Styles, numbering: Numbering, looks: Looks) -> None:
        self._builder = builder
        self._looks = looks
        self._styles = styles
        self._numbering = numbering

    def blocks(self, parent: etree._Element, depth: int) -> None:
        if depth > _DEEPEST:
            raise ParseError(Reason.TOO_DEEP)
        for child in parent:
            if child.tag == _PARAGRAPH:
                self._paragraph(child, depth)
            elif child.tag == _TABLE:
                self._table(child, depth)
            elif child.tag not in _SKIPPED:
                self.blocks(child, depth + 1)

    def _paragraph(self, paragraph: etree._Element, depth: int) -> None:
        text = clean("".join(_runs(paragraph, self._looks, depth))).strip()
        properties = paragraph.find(qn("w:pPr"))
        style = (_value(properties, "w:pStyle") or "") if properties is not None else ""
        if text:
            number, level = self._numbering.advance(properties, style)
            heading = self._heading(properties, style)
            if heading:
                self._builder.add(BlockKind.HEADING, one_line(number + text), level=heading)
            elif level is not None:
                self._builder.add(BlockKind.LIST_ITEM, number + text, level=level)
            else:
                self._builder.add(BlockKind.QUOTE if self._styles.is_quote(style) else BlockKind.PARAGRAPH, text)
        for box in _boxes(paragraph):
            self.blocks(box, depth + 1)

    def _heading(self, properties: etree._Element | None, style: str) -> int:
        outline = _value(properties, "w:outlineLvl") if properties is not None else None
        if outline is not None and _number(outline) < 9:
            return _number(outline) + 2
        return self._styles.heading(style)

    def _table(self, table: etree._Element, depth: int) -> None:
        """One row a line. A table of one column is a frame around paragraphs and is read as these."""
        rows = [list(_below(row, _CELL)) for row in _below(table, _ROW)]
        if all(len(row) <= 1 for row in rows):
            for row in rows:
                for cell in row:
                    self.blocks(cell, depth + 1)
            return
        self._builder.add(BlockKind.TABLE, as_table((self._cell(cell, depth) for cell in row) for row in rows))

    def _cell(self, cell: etree._Element, depth: int) -> str:
        return " ".join("".join(_runs(paragraph, self._looks, depth)) for paragraph in cell.iter(_PARAGRAPH))


def _below(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Rows and cells may lie inside content controls and insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")}:
            yield from _below(child, tag)


def _boxes(paragraph: etree._Element) -> list[etree._Element]:
    """The outermost text boxes anchored in this paragraph, each once."""
    return [
        box
        for box in paragraph.iter(_BOX)
        if not any(above.tag in {_FALLBACK, _BOX} for above in box.iterancestors() if above is not paragraph)
    ]


def _runs(element: etree._Element, looks: Looks, depth: int) -> Iterator[str]:
    """The words of a paragraph as they show: insertions in, deletions, field codes and hidden runs out."""
    if depth > _DEEPEST:
        raise ParseError(Reason.TOO_DEEP)
    for child in element:
        tag = child.tag
        if tag in _TEXTS:
            yield child.text or ""
        elif tag in _BREAKS:
            yield _BREAKS[tag]
        elif tag not in _SKIPPED and tag not in {_BOX, _PARAGRAPH} and not (tag == _RUN and looks.hidden_by(child)):
            yield from _runs(child, looks, depth + 1)


def _value(element: etree._Element, name: str) -> str | None:
    child = element.find(qn(name))
    return None if child is None else child.get(qn("w:val"))


def _number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 4 else 9
