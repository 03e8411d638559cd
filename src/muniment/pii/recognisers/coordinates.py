"""Places on the globe: decimal degrees, degrees with minutes and seconds, geo: addresses."""

import re
from collections.abc import Iterator

from muniment.pii.types import PiiClass, Span

_DECIMAL = re.compile(
    r"(?<![\w.])([-+]?\d{1,2}[.]\d{4,15})[ \t]?°?[ \t]?[NS]?[ \t]?[,; ][ \t]{0,2}([-+]?\d{1,3}[.]\d{4,15})(?!\d)"
    r"(?:[ \t]?°)?(?:[ \t]?[EWO](?!\w))?"
)
_LATITUDE_FIRST = re.compile(
    r"(?<![\w.])(?:lat(?:itude)?|breite)[ \t]{0,2}[:=]?[ \t]{0,2}[-+]?\d{1,2}[.,]\d{2,15}", re.IGNORECASE
)
_LONGITUDE = re.compile(
    r"(?<![\w.])(?:lon(?:g(?:itude)?)?|lng|länge)[ \t]{0,2}[:=]?[ \t]{0,2}[-+]?\d{1,3}[.,]\d{2,15}", re.IGNORECASE
)
_PART = r"\d{1,3}[ \t]?[°º][ \t]?\d{1,2}(?:\.\d{1,6})?[ \t]?['′][ \t]?(?:\d{1,2}(?:\.\d{1,6})?[ \t]?(?:\"|″|''))?[ \t]?"
_DEGREES = re.compile(rf"(?<![\w.]){_PART}[NS][ \t]?[,;]?[ \t]?{_PART}[EWO](?!\w)")


def coordinates(text: str) -> Iterator[Span]:
    for found in _DECIMAL.finditer(text):
        if abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180:
            yield Span(*found.span(), PiiClass.COORDINATES, 0.9)
    for pattern in (_DEGREES, _LATITUDE_FIRST, _LONGITUDE):
        yield from (Span(*found.span(), PiiClass.COORDINATES, 0.95) for found in pattern.finditer(text))
