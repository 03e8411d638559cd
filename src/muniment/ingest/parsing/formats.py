"""The formats that are read, and which of them a package is by the parts it has."""

from collections.abc import Collection
from enum import StrEnum


class Format(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    MARKDOWN = "markdown"
    PLAIN = "plain"
    DELIMITED = "delimited"
    JSON = "json"
    JSON_LINES = "json_lines"
    SUBTITLES = "subtitles"
    MESSAGE = "message"
    MAILBOX = "mailbox"
    RTF = "rtf"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODF = "odf"
    EPUB = "epub"
    PICTURE = "picture"
    BUNDLE = "bundle"
    """An archive of files, each to be read as a document of its own."""


_PARTS = (
    ("word/document.xml", Format.DOCX),
    ("xl/workbook.xml", Format.XLSX),
    ("xl/workbook.bin", "xlsb"),
    ("ppt/presentation.xml", Format.PPTX),
    ("META-INF/container.xml", Format.EPUB),
)


def package_format(names: Collection[str]) -> Format | str:
    """What a ZIP archive with these parts is: a format, or a word of `errors.FOUND` for one that is not read."""
    if found := next((found for part, found in _PARTS if part in names), None):
        return found
    return Format.ODF if "mimetype" in names and "content.xml" in names else Format.BUNDLE
