"""Plain text: paragraphs are parted by blank lines; headings are told by how they stand."""

import re

from muniment.core.cleaning import clean
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.encoding import decode
from muniment.ingest.tables import is_row
from muniment.ingest.types import BlockKind, ExtractedDocument, Limits

MEDIA_TYPE = "text/plain"

_BULLET = re.compile(r"\s*(?:[-*\u2022\u25e6]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])\s+\S")


def parse_plain(data: bytes, limits: Limits) -> ExtractedDocument:
    builder = TextBuilder(limits)
    add_plain(builder, clean(builder.look_through(decode(data))))
    return builder.finish(media_type=MEDIA_TYPE, plain=True)


def add_plain(builder: TextBuilder, text: str) -> None:
    """The blocks of clean text, also inside another format."""
    for paragraph in _paragraphs(text):
        _add(builder, paragraph)


def _paragraphs(text: str) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line and not line.isspace():
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return ["\n".join(lines) for lines in paragraphs if lines]


def _add(builder: TextBuilder, paragraph: str) -> None:
    lines = paragraph.split("\n")
    if len(lines) > 1 and all(is_row(line) or "\t" in line for line in lines):
        builder.add(BlockKind.TABLE, paragraph)
    elif len(lines) > 1 and _BULLET.match(lines[0]):
        for item in _items(lines):
            builder.add(BlockKind.LIST_ITEM, item)
    else:
        builder.add(BlockKind.PARAGRAPH, paragraph)


def _items(lines: list[str]) -> list[str]:
    items: list[list[str]] = []
    for line in lines:
        if not items or _BULLET.match(line):
            items.append([])
        items[-1].append(line)
    return ["\n".join(item) for item in items]
