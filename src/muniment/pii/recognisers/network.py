"""Addresses of machines, and numbers of devices: IP, MAC, IMEI, ICCID, advertising ids, serial numbers."""

import ipaddress
import re
from collections.abc import Iterator

from stdnum import luhn

from muniment.pii.recognisers.context import labelled, said_before, words
from muniment.pii.recognisers.groups import digit_runs
from muniment.pii.types import PiiClass, Span

_V4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)")
_V6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?![\w:])")
_VERSION = words("version", "v", "release", "section", r"§", "clause", "chapter")
_MAC = re.compile(r"(?<![\w:-])(?:[0-9A-Fa-f]{2}([:-]))(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])")
_MAC_DOTS = re.compile(r"(?<![\w.])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?!\w|\.\w)")
_DEVICE = words(
    "imei", "imsi", "iccid", "meid", "udid", "idfa", "gaid", "aaid", r"android[ _]id", r"device[ _-]?(?:id|identifier)",
    r"advertising[ _]id(?:entifier)?", r"serial(?:[ _]?(?:no|number|nr))?", "seriennummer", r"geräte-?(?:id|nummer)", "vin",
    r"chassis (?:no|number)", "fahrgestellnummer", r"cookie[ _]id",
)  # fmt: skip
_NUMBER = re.compile(r"(?<![\w-])(?=[\w-]{0,39}\d)[A-Za-z0-9][A-Za-z0-9-]{5,39}(?![\w-])")


def ip_addresses(text: str) -> Iterator[Span]:
    for found in _V4.finditer(text):
        if _is_address(found[0]) and not said_before(text, found.start(), _VERSION, reach=10):
            yield Span(*found.span(), PiiClass.IP_ADDRESS, 0.95)
    for found in _V6.finditer(text):
        if len(found[0].replace(":", "")) > 3 and _is_address(found[0]):
            yield Span(*found.span(), PiiClass.IP_ADDRESS, 0.95)


def devices(text: str) -> Iterator[Span]:
    for pattern in (_MAC, _MAC_DOTS):
        yield from (Span(*found.span(), PiiClass.DEVICE_ID, 0.95) for found in pattern.finditer(text))
    yield from labelled(text, _DEVICE, _NUMBER, PiiClass.DEVICE_ID, 0.85, reach=64)
    for start, end, digits in digit_runs(text, shortest=15, longest=20):
        imei = len(digits) == 15 and digits[:2] in _REPORTING_BODIES
        iccid = len(digits) in (19, 20) and digits.startswith("89")
        if (imei or iccid) and luhn.is_valid(digits):
            yield Span(start, end, PiiClass.DEVICE_ID, 0.97)


# The two digits with which type allocation codes begin (GSMA TS.06, reporting bodies).
_REPORTING_BODIES = frozenset("01 10 30 33 35 44 45 49 50 51 52 53 54 86 91 98 99".split())


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
