"""EPUB: the chapters of the spine in their order, each read as a web page is. Nothing is fetched or executed."""

from collections.abc import Iterator

from lxml import etree

from muniment.core.cleaning import one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.html import add_page
from muniment.ingest.parsing.package import Package, inner_path
from muniment.ingest.types import ExtractedDocument, Limits

MEDIA_TYPE = "application/epub+zip"

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_CHAPTERS = frozenset(["application/xhtml+xml", "text/html"])


def parse_epub(data: bytes, limits: Limits) -> ExtractedDocument:
    """Raises ParseError: as `checked_archive`, malformed, encrypted (a protected book), too deep, no text."""
    builder = TextBuilder(limits)
    with Package.opened(data, limits) as package:
        rootfile = package.xml(_CONTAINER).find(".//{*}rootfile")
        part = rootfile.get("full-path", "") if rootfile is not None else ""
        book = package.xml(part)
        locked = _locked(package)
        for chapter in _chapters(book, part, package):
            if chapter in locked:
                raise ParseError(Reason.ENCRYPTED)
            add_page(builder, package.read(chapter))
        title = book.findtext(".//{http://purl.org/dc/elements/1.1/}title")
    return builder.finish(media_type=MEDIA_TYPE, title=one_line(title or ""))


def _chapters(book: etree._Element, part: str, package: Package) -> Iterator[str]:
    """Pages of the spine, each once, without those a reader of the book reaches only by a link."""
    folder = part.rpartition("/")[0]
    items = {item.get("id"): item for item in book.iterfind("{*}manifest/{*}item")}
    seen: set[str] = set()
    for place in book.iterfind("{*}spine/{*}itemref"):
        item = items.get(place.get("idref"))
        if item is None or item.get("media-type") not in _CHAPTERS or "nav" in (item.get("properties") or "").split():
            continue
        name = inner_path(folder, item.get("href") or "")
        if name in package.names and name not in seen and place.get("linear") != "no":
            seen.add(name)
            yield name


def _locked(package: Package) -> set[str]:
    """Parts that a shop encrypted (fonts often are, and harmless)."""
    root = package.optional_xml(_ENCRYPTION)
    references = root.iter("{*}CipherReference") if root is not None else ()
    return {inner_path("", one.get("URI") or "") for one in references}
