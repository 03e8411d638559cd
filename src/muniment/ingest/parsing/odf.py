"""OpenDocument: text, spreadsheets and presentations, by one walk over content.xml (OASIS ODF 1.3).

What the program that wrote the file displays is what is read: cells as they show, text without deletions; hidden
sections, rows, columns, sheets and slides are listed.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from muniment.core.cleaning import one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.odf_look import Hiding, hiding_styles
from muniment.ingest.parsing.odf_names import DRAW, OFFICE, PRESENTATION, TEXT
from muniment.ingest.parsing.odf_sheets import read_sheets
from muniment.ingest.parsing.odf_text import Walk
from muniment.ingest.parsing.package import Package, inner_text
from muniment.ingest.types import ExtractedDocument, HiddenBy, LeftOutKind, Limits, Unit

_MEDIA_TYPE = "application/vnd.oasis.opendocument"
_MANIFEST = "META-INF/manifest.xml"
_GLIMPSE = 2**20
_BODIES = {"text": "text", "spreadsheet": "spreadsheet", "presentation": "presentation", "drawing": "graphics"}


def parse_odf(data: bytes, limits: Limits) -> ExtractedDocument:
    """Raises ParseError: encrypted, as `checked_archive`, malformed, too deep, too much text, no text."""
    if b"encryption-data" in _manifest(data):  # its content.xml is no XML, so this is asked before anything else
        raise ParseError(Reason.ENCRYPTED)
    builder = TextBuilder(limits)
    pages: tuple[tuple[int, int], ...] = ()
    with Package.opened(data, limits) as package:
        title = package.describe(builder, "meta.xml")
        root = package.xml("content.xml")
        builder.look_through(inner_text(root))
        body = root.find(f"{OFFICE}body/*")
        kind = _BODIES.get(etree.QName(body).localname) if body is not None else None
        if body is None or kind is None:
            raise ParseError(Reason.MALFORMED)
        if kind == "spreadsheet":
            read_sheets(builder, body, hiding_styles(root))
        elif kind == "text":
            Walk(builder, hiding_styles(root)).run(body)
        else:
            pages = tuple(_slides(builder, body, hiding_styles(root), limits))
    return builder.finish(media_type=f"{_MEDIA_TYPE}.{kind}", title=title, pages=pages)


def _manifest(data: bytes) -> bytes:
    """Its beginning, however much it would inflate to."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_MANIFEST) as stream:
            return stream.read(_GLIMPSE)
    except (KeyError, ValueError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return b""


def _slides(builder: TextBuilder, body: etree._Element, hiding: Hiding, limits: Limits) -> Iterator[tuple[int, int]]:
    slides = list(body.iterchildren(f"{DRAW}page"))
    if len(slides) > limits.max_pages:
        raise ParseError(Reason.TOO_MANY_PAGES, limit=limits.max_pages)
    for number, slide in enumerate(slides, start=1):
        notes = slide.find(f"{PRESENTATION}notes")
        if notes is not None:
            words = one_line(" ".join(inner_text(one) for one in notes.iter(f"{TEXT}p")))
            if words:
                builder.leave_out(LeftOutKind.NOTE, "", words, unit=Unit.SLIDE, number=number)
            slide.remove(notes)
        with builder.page() as page:
            if slide.get(f"{DRAW}style-name") in hiding:
                builder.leave_out(
                    LeftOutKind.HIDDEN, "", inner_text(slide), unit=Unit.SLIDE, number=number, hidden_by=HiddenBy.PART
                )
            else:
                Walk(builder, hiding, page=number).run(slide)
            builder.end_page(number)
        yield page.span
