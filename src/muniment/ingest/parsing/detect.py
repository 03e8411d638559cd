"""What a file is, by its bytes. A name decides nothing but how text is to be read: as Markdown, as a
table, as JSON, or as it stands.
"""

import re

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.bundle import ZIP, is_tar, zip_names
from muniment.ingest.parsing.encoding import glimpse, marked
from muniment.ingest.parsing.formats import Format, package_format
from muniment.ingest.parsing.mail import is_mailbox, is_message
from muniment.ingest.parsing.subtitles import is_subtitles

_SIGNATURES = (
    (b"GIF8", "gif"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%!PS", "postscript"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"ID3", "audio"),
    (b"OggS", "audio"),
    (b"fLaC", "audio"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"SQLite format 3\x00", "sqlite"),
)
"""The first bytes of formats people upload by mistake, after file(1)'s magic."""

_STARTS = (
    (b"%PDF-", Format.PDF),
    (b"{\\rtf", Format.RTF),
    (b"\x89PNG\r\n\x1a\n", Format.PICTURE),
    (b"\xff\xd8\xff", Format.PICTURE),
    (b"II*\x00", Format.PICTURE),
    (b"MM\x00*", Format.PICTURE),
)
_PDF_WITHIN = 1024
"""Readers accept a PDF whose header starts within its first 1,024 bytes (ISO 32000-1, annex H.3.4.1)."""
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_BY_NAME = {
    **dict.fromkeys([".md", ".markdown", ".mdown", ".mkd"], Format.MARKDOWN),
    **dict.fromkeys([".csv", ".tsv", ".tab"], Format.DELIMITED),
    **dict.fromkeys([".json", ".geojson"], Format.JSON),
    **dict.fromkeys([".jsonl", ".ndjson"], Format.JSON_LINES),
}
"""What text is read as that does not say itself what it is."""
_HTML_NAMES = (".html", ".htm", ".xhtml")
_HTML_START = re.compile(
    r"(?:\s|<\?xml[^>]*>|<!--.{0,4000}?-->)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_XML_START = re.compile(r"\s*<\?xml\b", re.IGNORECASE)
_SVG_START = re.compile(r"(?:\s|<\?xml[^>]*>|<!--.{0,4000}?-->|<!DOCTYPE svg[^>]*>)*<svg\b", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<(?:p|div|h[1-6]|ul|ol|table|br|span|a)\b[^>]*>", re.IGNORECASE)
_HEAD = 16 * 1024
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def detect(data: bytes, name_hint: str) -> Format:
    """Raises ParseError that says what the file really is, where it is nothing we read."""
    if not data:
        raise ParseError(Reason.EMPTY)
    if known := _known(data):
        return known
    if data.startswith(ZIP):
        return _in_archive(data)
    if is_tar(data):
        return Format.BUNDLE
    if found := _signature(data):
        if found == "ole" and _ENCRYPTED_OFFICE in data:
            raise ParseError(Reason.ENCRYPTED)
        raise ParseError(Reason.UNSUPPORTED, found=found)
    if is_pdf(data):
        return Format.PDF
    return _text(data, name_hint.lower())


def _known(data: bytes) -> Format | None:
    """A format that is read and is known by its first bytes."""
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Format.PICTURE
    return next((found for start, found in _STARTS if data.startswith(start)), None)


def is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:_PDF_WITHIN]


def _signature(data: bytes) -> str:
    for start, found in _SIGNATURES:
        if data.startswith(start):
            return found
    if data.startswith(b"RIFF") and data[8:12] in {b"WAVE", b"AVI "}:
        return {b"WAVE": "audio", b"AVI ": "video"}[data[8:12]]
    if data[4:8] == b"ftyp":
        return "heic" if data[8:12] in {b"heic", b"heix", b"mif1", b"avif"} else "video"
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return "bmp"
    if data.startswith(b"MZ") and b"\x00" in data[:64]:
        return "program"
    return ""


def _in_archive(data: bytes) -> Format:
    found = package_format(zip_names(data))
    if isinstance(found, Format):
        return found
    raise ParseError(Reason.UNSUPPORTED, found=found)


def _text(data: bytes, name: str) -> Format:
    head = data[:_HEAD]
    if not head.strip(b"\x00 \t\r\n\x0c"):
        raise ParseError(Reason.NO_TEXT)
    if marked(head) is None and _is_binary(head):
        raise ParseError(Reason.UNKNOWN)
    start = glimpse(head)  # a page may declare an encoding that its bytes do not prove
    if _SVG_START.match(start):
        raise ParseError(Reason.UNSUPPORTED, found="svg")
    if _HTML_START.match(start):
        return Format.HTML
    if _XML_START.match(start):
        raise ParseError(Reason.UNSUPPORTED, found="xml")
    if name.endswith(_HTML_NAMES) and _TAG.search(start):
        return Format.HTML
    if is_subtitles(start):
        return Format.SUBTITLES
    if is_mailbox(head):
        return Format.MAILBOX
    if is_message(head):
        return Format.MESSAGE
    return next((found for ending, found in _BY_NAME.items() if name.endswith(ending)), Format.PLAIN)


def _is_binary(head: bytes) -> bool:
    """Text of one byte per character holds no controls to speak of; UTF-16 holds NUL bytes, but as a pattern."""
    if head.count(0) > len(head) // 50:
        pairs = max(1, len(head) // 2)
        even, odd = head[0::2].count(0) / pairs, head[1::2].count(0) / pairs
        return not (min(even, odd) < 0.05 and max(even, odd) > 0.4)
    return len(_CONTROL.findall(head)) > len(head) // 50
