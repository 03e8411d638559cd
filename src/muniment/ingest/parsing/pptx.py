"""PPTX: slides in their order, each a page; on a slide the title first, then the shapes in reading order, which is the
order in which PowerPoint keeps them. Speaker notes, comments and what is hidden are listed.
"""

from collections.abc import Iterator

from lxml import etree

from muniment.core.cleaning import clean, one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.package import Package, inner_text
from muniment.ingest.parsing.pptx_look import SlideLook, slide_size
from muniment.ingest.tables import as_table
from muniment.ingest.types import BlockKind, ExtractedDocument, HiddenBy, LeftOutKind, Limits, Unit

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

_DEEPEST = 50
_UNREAD = frozenset(["dt", "ftr", "hdr", "sldNum", "sldImg"])
"""Placeholders that stand on every slide alike."""
_TITLES = frozenset(["title", "ctrTitle"])
_OFF = frozenset(["0", "false"])
_EMPTY_TITLES = frozenset(["powerpoint presentation", "powerpoint-präsentation", "présentation powerpoint"])


def parse_pptx(data: bytes, limits: Limits) -> ExtractedDocument:
    """Raises ParseError: as `checked_archive`, malformed, too deep, too many pages, too much text, no text."""
    builder = TextBuilder(limits)
    with Package.opened(data, limits) as package:
        title = package.describe(builder, "docProps/core.xml")
        slides = list(_slides(package))
        if len(slides) > limits.max_pages:
            raise ParseError(Reason.TOO_MANY_PAGES, limit=limits.max_pages)
        size = slide_size(package.xml("ppt/presentation.xml"))
        pages = []
        for number, part in enumerate(slides, start=1):
            with builder.page() as page:
                _Slide(builder, package, number, size).read(part)
                builder.end_page(number)
            pages.append(page.span)
    title = "" if title.lower() in _EMPTY_TITLES else title
    return builder.finish(media_type=MEDIA_TYPE, title=title, pages=tuple(pages))


def _slides(package: Package) -> Iterator[str]:
    part = "ppt/presentation.xml"
    relations = package.relations(part)
    for slide in package.xml(part).iterfind("{*}sldIdLst/{*}sldId"):
        identifier = next((str(value) for name, value in slide.attrib.items() if str(name).endswith("}id")), "")
        relation = relations.get(identifier)
        if relation is not None and relation.kind == "slide":
            yield relation.target


class _Slide:
    def __init__(self, builder: TextBuilder, package: Package, number: int, size: tuple[int, int]) -> None:
        self._builder = builder
        self._package = package
        self._number = number
        self._size = size

    def read(self, part: str) -> None:
        root = self._package.xml(part)
        self._builder.look_through(inner_text(root), page=self._number)
        self._look = SlideLook(root, self._size)
        tree = root.find("{*}cSld/{*}spTree")
        shapes = list(_shapes(tree, 0)) if tree is not None else []
        if root.get("show") in _OFF:
            words = "\n".join(filter(None, map(_all_words, shapes)))
            self._leave_out(LeftOutKind.HIDDEN, words, HiddenBy.PART)
        else:
            shown = [shape for shape in shapes if not self._is_hidden(shape)]
            for how, words in self._look.hidden_runs(shown):
                self._leave_out(LeftOutKind.HIDDEN, words, how)
            for shape in sorted(shown, key=lambda shape: _placeholder(shape) not in _TITLES):  # a stable order
                self._shape(shape)
        self._beside(part)

    def _is_hidden(self, shape: etree._Element) -> bool:
        about = shape.find("*/{*}cNvPr")
        is_hidden = about is not None and about.get("hidden") in {"1", "true"}
        how = HiddenBy.PART if is_hidden else self._look.shape_hidden_by(shape)
        if how:
            self._leave_out(LeftOutKind.HIDDEN, _all_words(shape), how)
        return bool(how)

    def _leave_out(self, kind: LeftOutKind, words: str, how: HiddenBy = HiddenBy.NONE) -> None:
        if words.strip():
            self._builder.leave_out(kind, "", words, unit=Unit.SLIDE, number=self._number, hidden_by=how)

    def _shape(self, shape: etree._Element) -> None:
        kind = _placeholder(shape)
        if kind in _UNREAD:
            return
        if (table := shape.find(".//{*}tbl")) is not None:
            self._table(table)
            return
        body = shape.find("{*}txBody")
        paragraphs = list(body.iterchildren("{*}p")) if body is not None else []
        if kind in _TITLES:
            words = one_line(" ".join(map(_words, paragraphs)))
            self._builder.add(BlockKind.HEADING, words, level=1, page=self._number)
            return
        is_list = kind is not None and sum(1 for one in paragraphs if _words(one)) > 1
        for paragraph in paragraphs:
            level = _level(paragraph) if is_list else 0
            block = BlockKind.LIST_ITEM if is_list else BlockKind.PARAGRAPH
            self._builder.add(block, _words(paragraph), level=level, page=self._number)

    def _table(self, table: etree._Element) -> None:
        rows = (map(_all_words, row.iterchildren("{*}tc")) for row in table.iterchildren("{*}tr"))
        self._builder.add(BlockKind.TABLE, as_table(rows), page=self._number)

    def _beside(self, part: str) -> None:
        """Speaker notes, comments, and what pictures are said to show."""
        for about in self._package.xml(part).iter("{*}cNvPr"):
            self._leave_out(LeftOutKind.DESCRIPTION, about.get("descr") or "")
        for relation in self._package.relations(part).values():
            if relation.kind == "notesSlide":
                tree = self._package.xml(relation.target).find("{*}cSld/{*}spTree")
                shapes = _shapes(tree, 0) if tree is not None else ()
                words = "\n".join(_all_words(one) for one in shapes if _placeholder(one) not in _UNREAD)
                if words.strip():
                    self._leave_out(LeftOutKind.NOTE, words)
            elif relation.kind == "comments":
                for comment in self._package.xml(relation.target).iter("{*}cm"):
                    words = " ".join(inner_text(text) for text in comment.iter("{*}text", "{*}t"))
                    self._leave_out(LeftOutKind.COMMENT, words)


def _shapes(parent: etree._Element, depth: int) -> Iterator[etree._Element]:
    """Shapes, tables and those within groups; of two versions of one (AlternateContent) the first."""
    if depth > _DEEPEST:
        raise ParseError(Reason.TOO_DEEP)
    for child in parent.iterchildren(etree.Element):
        name = etree.QName(child).localname
        if name in {"sp", "graphicFrame"}:
            yield child
        elif name == "grpSp":
            yield from _shapes(child, depth + 1)
        elif name == "AlternateContent":
            for choice in list(child.iterchildren(etree.Element))[:1]:
                yield from _shapes(choice, depth + 1)


def _placeholder(shape: etree._Element) -> str | None:
    """The kind of a placeholder, "" where it is the usual one; None for a shape of its own."""
    found = shape.find("*/{*}nvPr/{*}ph")
    return None if found is None else (found.get("type") or "")


def _level(paragraph: etree._Element) -> int:
    properties = paragraph.find("{*}pPr")
    level = properties.get("lvl", "0") if properties is not None else "0"
    return int(level) if level in set("0123456789") else 0


def _words(paragraph: etree._Element) -> str:
    parts = (
        "\n" if etree.QName(element).localname == "br" else element.text or ""
        for element in paragraph.iter("{*}t", "{*}br")
    )
    return clean("".join(parts)).strip()


def _all_words(shape: etree._Element) -> str:
    return "\n".join(filter(None, (_words(paragraph) for paragraph in shape.iter("{*}p"))))
