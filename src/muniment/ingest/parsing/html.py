"""HTML: what a reader of the page would see, without its furniture. Nothing is fetched, nothing is executed.

libxml2's HTML parser knows no external entities and no DTDs; `no_network` says so once more.
"""

import re
from collections.abc import Iterator

from lxml import etree

from muniment.core.cleaning import clean, one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.commands import commands
from muniment.ingest.parsing.encoding import decode
from muniment.ingest.parsing.html_look import Look, Sheet
from muniment.ingest.parsing.package import inner_text
from muniment.ingest.tables import as_table
from muniment.ingest.types import BlockKind, ExtractedDocument, HiddenBy, LeftOutKind, Limits

MEDIA_TYPE = "text/html"

_UNREAD = """
script style nav footer template noscript head svg math iframe object embed audio video canvas
button select textarea input dialog datalist map frameset
"""
_BLOCK_NAMES = """
address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure form header hgroup
hr html legend li main menu ol p section summary table tbody td tfoot th thead tr ul
"""
_DROPPED = frozenset(_UNREAD.split())
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_FURNITURE_ROLES = frozenset(["navigation", "contentinfo", "search", "menu", "menubar", "dialog", "alertdialog"])
_WHOLE = frozenset([HiddenBy.STYLE, HiddenBy.OFF_PAGE])
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SPOKEN = ("aria-label", "aria-description", "title")
_DEEPEST = 200
"""Elements within elements: beyond pages as people write them, and within Python's own limit of 1,000 calls."""
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{1,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-zA-Z0-9_.-]{1,40})""")
_MARKER = re.compile(r"\(?(?:[0-9]{1,3}|[a-zA-Z]{1,2}|[ivxlIVXL]{1,5})[.)]|[-*\u2022\u2013\u2014\u00b7]")


def parse_html(data: bytes, limits: Limits) -> ExtractedDocument:
    builder = TextBuilder(limits)
    title = add_page(builder, data)
    return builder.finish(media_type=MEDIA_TYPE, title=title)


def add_page(builder: TextBuilder, data: bytes) -> str:
    """The blocks of a whole page, also as a chapter of a book; its title, perhaps empty."""
    head = data[:4096]
    declared = _CHARSET.search(head) or _XML_ENCODING.search(head)
    root = _tree(builder, decode(data, declared=declared[1].decode("ascii") if declared else None))
    if root is None:
        return ""
    _Walk(builder, Sheet.of(root)).run(root)
    return one_line(root.findtext("head/title") or "")


def add_html(builder: TextBuilder, fragment: str) -> None:
    """The blocks of a piece of HTML inside another format."""
    root = _tree(builder, fragment)
    if root is not None:
        _Walk(builder, Sheet.of(root)).run(root)


def _tree(builder: TextBuilder, text: str) -> etree._Element | None:
    # huge_tree off: libxml2's own caps on depth and on the size of one text stand behind ours.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True, huge_tree=False)
    builder.look_through(text)
    try:
        root = etree.fromstring(clean(text).encode(), parser)
    except etree.LxmlError:
        return None
    if root is not None:
        if "&#" in text:  # spelled as numbers, which become characters only now
            builder.look_through(inner_text(root))
        _without_remarks(builder, root)
    return root


def _without_remarks(builder: TextBuilder, root: etree._Element) -> None:
    """Comments in the source are everywhere and say nothing to a reader: those that command are listed."""
    for remark in list(root.iter(etree.Comment)):
        if commands(remark.text or ""):
            builder.leave_out(LeftOutKind.HIDDEN, "", remark.text or "", hidden_by=HiddenBy.SOURCE)
    etree.strip_tags(root, etree.Comment)


class _Walk:
    """One pass over the tree. Words gather until a block begins or ends; then they become a block."""

    def __init__(self, builder: TextBuilder, sheet: Sheet) -> None:
        self._builder = builder
        self._sheet = sheet
        self._words: list[str] = []
        self._unseen: dict[HiddenBy, list[str]] = {}
        self._listed: set[int] = set()
        """Hashes of hidden words: what stands on a page many times is listed once."""
        self._lists: list[int | None] = []
        self._marker = ""
        self._quotes = 0

    def run(self, root: etree._Element) -> None:
        self._element(root, self._sheet.look(), 0)
        self._flush()

    def _shown(self, element: etree._Element, above: Look) -> Look | None:
        """How an element looks; None where nothing in it is read: furniture, and what is hidden as a whole."""
        tag = element.tag
        if tag in _DROPPED or element.get("role", "").lower() in _FURNITURE_ROLES:
            return None
        look = self._sheet.within(element, above)
        if look.hidden_by in _WHOLE:
            self._hide(look.hidden_by, [" ".join(map(str, element.itertext()))])
            return None
        if element.attrib:
            self._read_out(element)
        return look

    def _read_out(self, element: etree._Element) -> None:
        """Lists what pictures are said to show; names of buttons and the like only where they command."""
        if description := element.get("alt"):
            self._builder.leave_out(LeftOutKind.DESCRIPTION, "", description)
        for name in _SPOKEN:
            if (words := element.get(name)) and commands(words):
                self._builder.leave_out(LeftOutKind.DESCRIPTION, "", words)

    def _hide(self, how: HiddenBy, words: list[str]) -> None:
        text = one_line("".join(words))
        if text and hash(text) not in self._listed:
            self._listed.add(hash(text))
            self._builder.leave_out(LeftOutKind.HIDDEN, "", text, hidden_by=how)

    def _said(self, text: str, look: Look) -> str:
        """The text, unless it is hidden."""
        if not look.hidden_by:
            return text
        self._unseen.setdefault(look.hidden_by, []).append(text)
        return " " if text else ""

    def _element(self, element: etree._Element, above: Look, depth: int) -> None:
        if depth > _DEEPEST:
            raise ParseError(Reason.TOO_DEEP)
        tag, look = element.tag, self._shown(element, above)
        if look is None:
            return
        if level := _HEADINGS.get(tag):
            self._flush()
            self._builder.add(BlockKind.HEADING, one_line(self._inside(element, look, depth)), level=level)
        elif tag == "pre":
            self._flush()
            self._builder.add(BlockKind.CODE, clean(self._inside(element, look, depth)))
        elif tag == "table":
            self._flush()
            self._table(element, look, depth)
        elif tag == "br":
            self._words.append("\n")
        elif tag in _BLOCKS:
            self._block(element, look, depth)
        else:
            self._content(element, look, depth)

    def _content(self, element: etree._Element, look: Look, depth: int) -> None:
        if element.text:
            self._words.append(_flow(self._said(element.text, look)))
        for child in element:
            self._element(child, look, depth + 1)
            if child.tail:
                self._words.append(_flow(self._said(child.tail, look)))

    def _block(self, element: etree._Element, look: Look, depth: int) -> None:
        self._flush()
        tag = element.tag
        if tag in {"ul", "ol", "menu"}:
            self._lists.append(_first_number(element) if tag == "ol" else None)
            self._content(element, look, depth)
            self._flush()
            self._lists.pop()
        elif tag == "li":
            self._item(element, look, depth)
        else:
            self._quotes += tag == "blockquote"
            self._content(element, look, depth)
            self._flush()
            self._quotes -= tag == "blockquote"

    def _item(self, element: etree._Element, look: Look, depth: int) -> None:
        number = self._lists[-1] if self._lists else None
        if number is not None:
            self._marker = f"{number}. "
            self._lists[-1] = number + 1
        self._content(element, look, depth)
        self._flush()
        self._marker = ""

    def _flush(self) -> None:
        text = _tidy("".join(self._words))
        self._words.clear()
        unseen, self._unseen = self._unseen, {}
        for how, words in unseen.items():
            self._hide(how, words)
        if not text:
            return
        if self._lists:
            self._builder.add(BlockKind.LIST_ITEM, self._marker + text, level=len(self._lists) - 1)
            self._marker = ""
        else:
            self._builder.add(BlockKind.QUOTE if self._quotes else BlockKind.PARAGRAPH, text)

    def _table(self, table: etree._Element, look: Look, depth: int) -> None:
        """A table of data becomes rows; one that only lays out the page is read as the blocks it holds."""
        rows = list(_rows(table))
        if any(cell.find(".//table") is not None for row in rows for cell in row) or all(len(row) <= 1 for row in rows):
            self._content(table, look, depth)
            self._flush()
            return
        if (caption := table.find("caption")) is not None:
            self._builder.add(BlockKind.PARAGRAPH, one_line(self._visible(caption, look, depth)))
        found = list(filter(None, (self._cells(row, look, depth) for row in rows)))
        if all(len(row) == 2 and _MARKER.fullmatch(one_line(row[0])) for row in found):
            for marker, text in found:  # a marker in a narrow column: how the Official Journal lays out points
                words = f"{one_line(marker)} {one_line(text)}"
                self._builder.add(BlockKind.LIST_ITEM, words, level=len(self._lists))
        else:
            self._builder.add(BlockKind.TABLE, as_table(found))
        self._flush()

    def _cells(self, row: etree._Element, above: Look, depth: int) -> list[str]:
        """Of a row that shows."""
        parent = row.getparent()
        part = above if parent is None or parent.tag == "table" else self._shown(parent, above)
        look = self._shown(row, part) if part else None
        cells = (cell for cell in row if cell.tag in {"td", "th"}) if look else ()
        looks = ((cell, self._shown(cell, look)) for cell in cells if look)
        return [self._inside(cell, own, depth) for cell, own in looks if own]

    def _visible(self, element: etree._Element, above: Look, depth: int) -> str:
        look = self._shown(element, above)
        return self._inside(element, look, depth) if look else ""

    def _inside(self, element: etree._Element, look: Look, depth: int) -> str:
        """The text inside, as it stands; words of neighbouring blocks do not run together."""
        if depth > _DEEPEST:
            raise ParseError(Reason.TOO_DEEP)
        parts = [self._said(element.text or "", look)]
        for child in element:
            tag = child.tag
            if (own := self._shown(child, look)) is not None:
                inner = self._inside(child, own, depth + 1)
                parts.append("\n" if tag == "br" else f"\n{inner}\n" if tag in _BLOCKS else inner)
            parts.append(self._said(child.tail or "", look))
        return "".join(parts)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from child.iterchildren("tr")


_SPACES = re.compile(r"[ \t\r\n\f]+")


def _flow(text: str) -> str:
    return _SPACES.sub(" ", text)


def _tidy(text: str) -> str:
    """Only <br> breaks lines; blanks around breaks are dropped."""
    return "\n".join(line for line in (_SPACES.sub(" ", part).strip() for part in clean(text).split("\n")) if line)


def _first_number(element: etree._Element) -> int:
    start = element.get("start", "1")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1
