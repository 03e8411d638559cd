"""The tokens of RTF, and which characters its bytes mean: code pages by file and by font, Unicode with fallbacks."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from muniment.ingest.parsing.encoding import CODE_PAGES

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?[0-9]{1,10})?[ ]?"
    rb"|\\'(?P<byte>[0-9a-fA-F]{2})"
    rb"|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<group>[{}])"
    rb"|(?P<end>[\r\n\x00]+)"
    rb"|(?P<text>[^\\{}\r\n\x00]+)"
    rb"|\\"
)
_ESCAPED = b"\\{}"
_CHARSETS = {
    0: 1252, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256, 186: 1257,
    204: 1251, 222: 874, 238: 1250,
}  # fmt: skip
"""Font charset to Windows code page (RTF 1.9.1, \\fcharset)."""


class Control(NamedTuple):
    """A control word with its number, or a control sign without; the word "'" carries a byte."""

    word: str
    number: int | None


Token = str | bytes | Control
"""A control, "{" or "}", or bytes of text."""


def tokens(data: bytes) -> Iterator[Token]:
    place = 0
    while found := _TOKEN.match(data, place):
        place = found.end()
        kind = found.lastgroup
        if kind in {"word", "number"}:
            number = int(found["number"]) if found["number"] else None
            word = found["word"].decode("ascii")
            if word == "bin":  # raw bytes follow, in which braces mean nothing
                place += max(0, number or 0)
                continue
            yield Control(word, number)
        elif kind == "byte":
            yield Control("'", int(found["byte"], 16))
        elif kind == "sign":
            sign = found["sign"]
            if sign in _ESCAPED:
                yield sign
            else:
                yield Control("par" if sign in b"\r\n" else sign.decode("latin-1"), None)
        elif kind == "group":
            yield found["group"].decode("ascii")
        elif kind == "text":
            yield found["text"]


class Characters:
    """Gathers bytes and code units until `flush` turns them into text."""

    def __init__(self) -> None:
        self.font = 0
        """The font that the font table is about to describe."""
        self._fonts: dict[int, str] = {}
        self._default = "cp1252"
        self._fallbacks = 1
        self._to_skip = 0
        self._bytes = bytearray()
        self._units: list[int] = []
        self._codec = self._default
        self._words: list[str] = []

    def take(self, text: bytes, font: int) -> None:
        skipped = min(self._to_skip, len(text))
        self._to_skip -= skipped
        if skipped < len(text):
            self._add(text[skipped:], font)

    def byte(self, value: int, font: int) -> None:
        if self._to_skip:
            self._to_skip -= 1
        else:
            self._add(bytes([value]), font)

    def unicode(self, number: int) -> None:
        """A UTF-16 code unit, written as a signed number; so many bytes for readers of old follow it."""
        self._end_bytes()
        self._units.append(number & 0xFFFF)
        self._to_skip = self._fallbacks

    def skip_after(self, number: int | None) -> None:
        self._fallbacks = 1 if number is None else max(0, min(number, 20))

    def code_page(self, number: int | None) -> None:
        self._default = f"cp{number}" if number in CODE_PAGES else self._default

    def font_charset(self, number: int | None) -> None:
        if number in _CHARSETS and number != 0:
            self._fonts[self.font] = f"cp{_CHARSETS[number]}"

    def flush(self) -> str:
        self._to_skip = 0
        self._end_bytes()
        self._end_units()
        words, self._words = "".join(self._words), []
        return words

    def _add(self, data: bytes, font: int) -> None:
        self._end_units()
        codec = self._fonts.get(font, self._default)
        if codec != self._codec:
            self._end_bytes()
            self._codec = codec
        self._bytes += data

    def _end_bytes(self) -> None:
        if self._bytes:
            self._words.append(self._bytes.decode(self._codec, errors="replace"))
            self._bytes.clear()

    def _end_units(self) -> None:
        if self._units:
            data = b"".join(unit.to_bytes(2, "little") for unit in self._units)
            self._words.append(data.decode("utf-16-le", errors="replace"))
            self._units.clear()
