"""One call from bytes to document: detect, then parse. What the sandboxed child runs."""

from collections.abc import Callable, Mapping

from muniment.core.watch import Watch
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.delimited import parse_delimited
from muniment.ingest.parsing.detect import detect
from muniment.ingest.parsing.docx import parse_docx
from muniment.ingest.parsing.epub import parse_epub
from muniment.ingest.parsing.formats import Format
from muniment.ingest.parsing.html import parse_html
from muniment.ingest.parsing.mail import parse_mailbox, parse_message
from muniment.ingest.parsing.markdown import parse_markdown
from muniment.ingest.parsing.odf import parse_odf
from muniment.ingest.parsing.pdf import parse_pdf
from muniment.ingest.parsing.picture import parse_picture
from muniment.ingest.parsing.plain import parse_plain
from muniment.ingest.parsing.pptx import parse_pptx
from muniment.ingest.parsing.recognition import is_ready
from muniment.ingest.parsing.rtf import parse_rtf
from muniment.ingest.parsing.structured import parse_json, parse_json_lines
from muniment.ingest.parsing.subtitles import parse_subtitles
from muniment.ingest.parsing.xlsx import parse_xlsx
from muniment.ingest.types import ExtractedDocument, Limits

Parser = Callable[[bytes, Limits], ExtractedDocument]

_PARSERS: Mapping[Format, Parser] = {
    Format.DELIMITED: parse_delimited,
    Format.DOCX: parse_docx,
    Format.EPUB: parse_epub,
    Format.HTML: parse_html,
    Format.JSON: parse_json,
    Format.JSON_LINES: parse_json_lines,
    Format.MAILBOX: parse_mailbox,
    Format.MARKDOWN: parse_markdown,
    Format.MESSAGE: parse_message,
    Format.ODF: parse_odf,
    Format.PLAIN: parse_plain,
    Format.PPTX: parse_pptx,
    Format.RTF: parse_rtf,
    Format.SUBTITLES: parse_subtitles,
    Format.XLSX: parse_xlsx,
}

_SLOW: Mapping[Format, Callable[[bytes, Limits, Watch], ExtractedDocument]] = {
    Format.PDF: parse_pdf,
    Format.PICTURE: parse_picture,
}
"""Those that say how far they are."""


def read(data: bytes, *, name_hint: str, limits: Limits, on_progress: Watch) -> ExtractedDocument:
    """Raises ParseError with the reason. `name_hint` is believed only between kinds of text."""
    if len(data) > limits.max_bytes:
        raise ParseError(Reason.TOO_MANY_BYTES, limit=limits.max_bytes // 2**20)
    found = detect(data, name_hint)
    if found is Format.BUNDLE:
        raise ParseError(Reason.ARCHIVE)  # it is not one document: the pipeline asks for the files in it
    try:
        slow = _SLOW.get(found)
        document = slow(data, limits, on_progress) if slow else _PARSERS[found](data, limits)
    except RecursionError:
        raise ParseError(Reason.TOO_DEEP) from None
    if not document.text:
        raise ParseError(Reason.SCANNED if document.pictures and not is_ready() else Reason.NO_WORDS)
    return document
