"""Text that is written in a code within a text: what it says, and the same code again around other words.

Attack stopped: a document, or a model that was talked into it, writes a name in percent signs, entities, escapes, hex
or base64; the rules see none, and whoever gets the text reads it.
Residue accepted: ciphers, spelling words, other languages' alphabets, pictures: a secret can be written in ways nobody
lists.
"""

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_ESCAPE = re.compile(r"\\(?:u\{?([0-9A-Fa-f]{4,6})\}?|x([0-9A-Fa-f]{2})|U([0-9A-Fa-f]{8}))")
_QUOTED = re.compile(r"(?:=[0-9A-F]{2})+")
_SPELLINGS = 4
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{8,}(?:\r?\n[A-Za-z0-9+/_-]{8,})*={0,2}(?![A-Za-z0-9+/_-])")
_MIXED = re.compile(r"[0-9+/_=]|[a-z][A-Z]|[A-Z]{2}")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[ :]?){8,}(?![0-9A-Fa-f])")


@dataclass(frozen=True, slots=True)
class Coded:
    """Code points `start` to `end` say `words`; `again` writes others in the same code."""

    start: int
    end: int
    words: str
    again: Callable[[str], str]


def spelled_out(text: str) -> str:
    """The text without percent signs, entities, escapes and quoted-printable, however often they were put around it."""
    for _ in range(_SPELLINGS):
        plain = _ESCAPE.sub(_character, _QUOTED.sub(_quoted, unquote(html.unescape(text))))
        if plain == text:
            break
        text = plain
    return text


def coded(text: str) -> Iterator[Coded]:
    """The pieces in base64 or hex that say something in words, in order, none overlapping."""
    end = 0
    for found in sorted([*_BASE64.finditer(text), *_HEX.finditer(text)], key=lambda one: one.start()):
        if found.start() < end:
            continue
        is_hex = found.re is _HEX
        words = _of_hex(found[0]) if is_hex else _of_base64(found[0])
        if words:
            end = found.end()
            yield Coded(found.start(), end, words, _in_hex if is_hex else _in_base64)


def _character(found: re.Match[str]) -> str:
    number = int(next(group for group in found.groups() if group), 16)
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else found[0]


def _quoted(found: re.Match[str]) -> str:
    return _as_words(binascii.a2b_qp(found[0])) or found[0]


def _of_base64(piece: str) -> str:
    if not _MIXED.search(piece):
        return ""
    letters = "".join(piece.split()).rstrip("=").replace("-", "+").replace("_", "/")
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return _as_words(base64.b64decode(letters + "=" * (-len(letters) % 4)))
    except ValueError:
        return ""


def _of_hex(piece: str) -> str:
    digits = re.sub("[ :]", "", piece)
    return _as_words(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _as_words(content: bytes) -> str:
    """Empty for what is no text."""
    for encoding in ("utf-8", "utf-16"):
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(letter.isprintable() or letter.isspace() for letter in words):
            return words
    return ""


def _in_base64(words: str) -> str:
    return base64.b64encode(words.encode()).decode()


def _in_hex(words: str) -> str:
    return words.encode().hex()
