"""JSON and JSON lines: every value says by which keys it is reached.

A record, an object of a few plain values, is one line: "name: Surgery | hours.from: 10:00". What is larger becomes
headings that name the path, and a line for each value. Numbers stand as they are spelled in the file.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from muniment.core.cleaning import clean, one_line
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.building import TextBuilder
from muniment.ingest.parsing.encoding import decode
from muniment.ingest.tables import CELL, as_cell, is_row
from muniment.ingest.types import BlockKind, ExtractedDocument, Limits

JSON = "application/json"
JSON_LINES = "application/x-ndjson"

_DEEPEST = 100
_MOST_VALUES = 40
"""of a record; a larger object is read as a section of its own"""
_LONGEST_RECORD = 1_000
_SPELLED = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class _Object:
    """Members in their order; a key that stands twice is kept twice."""

    members: list[tuple[str, Any]]


def parse_json(data: bytes, limits: Limits) -> ExtractedDocument:
    """Raises ParseError: encoding, malformed, too deep, too much text, no text."""
    builder = TextBuilder(limits)
    _Walk(builder).value("", _loaded(_text(builder, data)), 0)
    return builder.finish(media_type=JSON, title=None)


def parse_json_lines(data: bytes, limits: Limits) -> ExtractedDocument:
    """One value a line. Raises as `parse_json`."""
    builder = TextBuilder(limits)
    walk = _Walk(builder)
    for number, line in enumerate(filter(str.strip, _text(builder, data).split("\n"))):
        walk.value(f"[{number}]", _loaded(line), 0)
    return builder.finish(media_type=JSON_LINES, title=None)


def _text(builder: TextBuilder, data: bytes) -> str:
    text = decode(data)
    if _SPELLED.search(text):  # as numbers, which become characters only when it is parsed
        builder.look_through(
            _SPELLED.sub(_character, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        )
    return clean(builder.look_through(text))


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_Object, parse_int=str, parse_float=str, parse_constant=str)
    except ValueError:
        raise ParseError(Reason.MALFORMED) from None


class _Walk:
    def __init__(self, builder: TextBuilder) -> None:
        self._builder = builder

    def value(self, path: str, value: Any, depth: int) -> None:
        if depth > _DEEPEST:
            raise ParseError(Reason.TOO_DEEP)
        if isinstance(value, _Object):
            self._object(path, value, depth)
        elif isinstance(value, list):
            self._list(path, value, depth)
        elif word := _word(value):
            self._builder.add(BlockKind.LIST_ITEM, f"{path}: {word}" if path else word)

    def _object(self, path: str, value: _Object, depth: int) -> None:
        if (line := _record(value)) is not None:
            self._builder.add(BlockKind.TABLE if is_row(line) else BlockKind.LIST_ITEM, line)
            return
        if path:
            self._builder.add(BlockKind.HEADING, path, level=min(depth, 9) + 1)
        for key, member in value.members:
            self.value(_joined(path, key), member, depth + 1)

    def _list(self, path: str, values: list[Any], depth: int) -> None:
        if all(not isinstance(one, _Object | list) for one in values):
            self.value(path, ", ".join(filter(None, map(_word, values))), depth)
            return
        if path:
            self._builder.add(BlockKind.HEADING, path, level=min(depth, 9) + 1)
        for number, one in enumerate(values):
            self.value(f"{path}[{number}]", one, depth + 1)


def _record(value: _Object) -> str | None:
    """The object as one line; None where it is too large for one."""
    parts: list[str] = []
    length = 0
    for path, word in _values("", value, 0):
        parts.append(as_cell(f"{path}: {word}"))
        length += len(parts[-1])
        if len(parts) > _MOST_VALUES or length > _LONGEST_RECORD:
            return None
    return CELL.join(parts)


def _values(path: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        raise ParseError(Reason.TOO_DEEP)
    if isinstance(value, _Object):
        for key, member in value.members:
            yield from _values(_joined(path, key), member, depth + 1)
    elif isinstance(value, list):
        if all(not isinstance(one, _Object | list) for one in value):
            yield from _values(path, ", ".join(filter(None, map(_word, value))), depth)
            return
        for number, one in enumerate(value):
            yield from _values(f"{path}[{number}]", one, depth + 1)
    elif word := _word(value):
        yield path, word


def _joined(path: str, key: str) -> str:
    name = one_line(key)
    return f"{path}.{name}" if path else name


def _word(value: Any) -> str:
    """A plain value as text; nothing for null and for blanks."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return one_line(str(value))
