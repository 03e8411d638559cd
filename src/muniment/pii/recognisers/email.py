"""E-mail addresses, also as people write them for people: name (at) example (dot) org."""

import re
from collections.abc import Iterator

from muniment.pii.types import PiiClass, Span

_LOCAL = r"(?<![\w.+%'-])[\w.+%'-]{1,64}"
_ADDRESS = re.compile(_LOCAL + r"@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_AT = r"[ \t]?[\[({<][ \t]?(?:at|ät|@)[ \t]?[\])}>][ \t]?"
_DOT = r"(?:\.|[ \t]?[\[({<][ \t]?(?:dot|punkt|\.)[ \t]?[\])}>][ \t]?)"
_SPELT = re.compile(_LOCAL + _AT + rf"[\w-]{{1,63}}(?:{_DOT}[\w-]{{2,63}}){{1,5}}", re.IGNORECASE)


def emails(text: str) -> Iterator[Span]:
    if "@" in text:
        yield from (Span(*found.span(), PiiClass.EMAIL, 0.99) for found in _ADDRESS.finditer(text))
    yield from (Span(*found.span(), PiiClass.EMAIL, 0.9) for found in _SPELT.finditer(text))
