"""HTML: what a reader of the page would see, without its furniture. Nothing is fetched, nothing is executed.

libxml2's HTML parser knows no external entities and no DTDs; `no_network` says so once more.
"""

import re
from collections.abc import Iterator

from lxml import etree

from muniment.core.cleaning import clean, one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.encoding import decode
from muniment.ingest.tables import as_table
from muniment.ingest.types import BlockKind, ExtractedDocument, Limits

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
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0*)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*0(?:\.0*)?\s*(?:[a-z%]+)?\s*(?:;|!|$)"
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
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
    root = _tree(decode(data, declared=declared[1].decode("ascii") if declared else None))
    if root is None:
        return ""
    _Walk(builder).run(root)
    return one_line(root.findtext("head/title") or "")


def add_html(builder: TextBuilder, fragment: str) -> None:
    """The blocks of a piece of HTML inside another format."""
    root = _tree(fragment)
    if root is not None:
        _Walk(builder).run(root)


def _tree(text: str) -> etree._Element | None:
    # huge_tree off: libxml2's own caps on depth and on the size of one text stand behind ours.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return etree.fromstring(clean(text).encode(), parser)
    except etree.LxmlError:
        return None


class _Walk:
    """One pass over the tree. Words gather until a block begins or ends; then they become a block."""

    def __init__(self, builder: TextBuilder) -> None:
        self._builder = builder
        self._words: list[str] = []
        self._lists: list[int | None] = []
        self._marker = ""
        self._quotes = 0

    def run(self, root: etree._Element) -> None:
        self._element(root, 0)
        self._flush()

    def _element(self, element: etree._Element, depth: int) -> None:
        if depth > _DEEPEST:
            raise ParseError(Reason.TOO_DEEP)
        tag = element.tag
        if _is_dropped(element, tag):
            return
        if level := _HEADINGS.get(tag):
            self._flush()
            self._builder.add(BlockKind.HEADING, one_line(_visible(element, depth)), level=level)
        elif tag == "pre":
            self._flush()
            self._builder.add(BlockKind.CODE, clean(_visible(element, depth)))
        elif tag == "table":
            self._flush()
            self._table(element, depth)
        elif tag == "br":
            self._words.append("\n")
        elif tag in _BLOCKS:
            self._block(element, tag, depth)
        else:
            self._content(element, depth)

    def _content(self, element: etree._Element, depth: int) -> None:
        if element.text:
            self._words.append(_flow(element.text))
        for child in element:
            self._element(child, depth + 1)
            if child.tail:
                self._words.append(_flow(child.tail))

    def _block(self, element: etree._Element, tag: str, depth: int) -> None:
        self._flush()
        if tag in {"ul", "ol", "menu"}:
            self._lists.append(_first_number(element) if tag == "ol" else None)
            self._content(element, depth)
            self._flush()
            self._lists.pop()
        elif tag == "li":
            self._item(element, depth)
        else:
            self._quotes += tag == "blockquote"
            self._content(element, depth)
            self._flush()
            self._quotes -= tag == "blockquote"

    def _item(self, element: etree._Element, depth: int) -> None:
        number = self._lists[-1] if self._lists else None
        if number is not None:
            self._marker = f"{number}. "
            self._lists[-1] = number + 1
        self._content(element, depth)
        self._flush()
        self._marker = ""

    def _flush(self) -> None:
        text = _tidy("".join(self._words))
        self._words.clear()
        if not text:
            return
        if self._lists:
            self._builder.add(BlockKind.LIST_ITEM, self._marker + text, level=len(self._lists) - 1)
            self._marker = ""
        else:
            self._builder.add(BlockKind.QUOTE if self._quotes else BlockKind.PARAGRAPH, text)

    def _table(self, table: etree._Element, depth: int) -> None:
        """A table of data becomes rows; one that only lays out the page is read as the blocks it holds."""
        rows = [row for row in _rows(table) if not _is_dropped(row, "tr")]
        if any(cell.find(".//table") is not None for row in rows for cell in row) or all(len(row) <= 1 for row in rows):
            self._content(table, depth)
            self._flush()
            return
        if all(_is_marked_row(row, depth) for row in rows):
            for row in rows:
                self._marked_row(row, depth)
            return
        if (caption := table.find("caption")) is not None:
            self._builder.add(BlockKind.PARAGRAPH, one_line(_visible(caption, depth)))
        cells = ((_visible(cell, depth) for cell in row if _is_cell(cell)) for row in rows)
        self._builder.add(BlockKind.TABLE, as_table(cells))

    def _marked_row(self, row: etree._Element, depth: int) -> None:
        """A marker in a narrow column beside its text: how the Official Journal lays out points."""
        marker, text = (one_line(_visible(cell, depth)) for cell in row)
        self._builder.add(BlockKind.LIST_ITEM, f"{marker} {text}", level=len(self._lists))


def _is_marked_row(row: etree._Element, depth: int) -> bool:
    return len(row) == 2 and _MARKER.fullmatch(one_line(_visible(row[0], depth))) is not None


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from child.iterchildren("tr")


def _is_cell(element: etree._Element) -> bool:
    return element.tag in {"td", "th"} and not _is_dropped(element, element.tag)


def _is_dropped(element: etree._Element, tag: str) -> bool:
    """Attack stopped: text that only the machine would read. Residue accepted: what style sheets hide by class."""
    if tag in _DROPPED or element.get("hidden") is not None or element.get("aria-hidden", "").lower() == "true":
        return True
    style = element.get("style")
    if style and _HIDING_STYLE.search(style.lower()):
        return True
    return element.get("role", "").lower() in _FURNITURE_ROLES


def _visible(element: etree._Element, depth: int) -> str:
    """The text inside, as it stands; words of neighbouring blocks do not run together."""
    if depth > _DEEPEST:
        raise ParseError(Reason.TOO_DEEP)
    parts = [element.text or ""]
    for child in element:
        tag = child.tag
        if not _is_dropped(child, tag):
            inner = _visible(child, depth + 1)
            parts.append("\n" if tag == "br" else f"\n{inner}\n" if tag in _BLOCKS else inner)
        parts.append(child.tail or "")
    return "".join(parts)


_SPACES = re.compile(r"[ \t\r\n\f]+")


def _flow(text: str) -> str:
    return _SPACES.sub(" ", text)


def _tidy(text: str) -> str:
    """Only <br> breaks lines; blanks around breaks are dropped."""
    return "\n".join(line for line in (_SPACES.sub(" ", part).strip() for part in clean(text).split("\n")) if line)


def _first_number(element: etree._Element) -> int:
    start = element.get("start", "1")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1
