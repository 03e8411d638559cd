"""One call from bytes to document: detect, then parse. What the sandboxed child runs."""

from collections.abc import Callable

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.detect import Format, detect
from muniment.ingest.parsing.docx import parse_docx
from muniment.ingest.parsing.html import parse_html
from muniment.ingest.parsing.markdown import parse_markdown
from muniment.ingest.parsing.pdf import parse_pdf
from muniment.ingest.parsing.plain import parse_plain
from muniment.ingest.types import ExtractedDocument, Limits

Progress = Callable[[int, int], None]


def read(data: bytes, *, name_hint: str, limits: Limits, on_progress: Progress) -> ExtractedDocument:
    """Raises ParseError with the reason. `name_hint` is believed only between kinds of text (Markdown or plain)."""
    if len(data) > limits.max_bytes:
        raise ParseError(Reason.TOO_MANY_BYTES, limit=limits.max_bytes // 2**20)
    found = detect(data, name_hint)
    try:
        if found is Format.PDF:
            return parse_pdf(data, limits, on_progress)
        parsers = {
            Format.DOCX: parse_docx,
            Format.HTML: parse_html,
            Format.MARKDOWN: parse_markdown,
            Format.PLAIN: parse_plain,
        }
        return parsers[found](data, limits)
    except RecursionError:
        raise ParseError(Reason.TOO_DEEP) from None
