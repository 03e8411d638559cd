"""IBANs (ISO 13616, mod 97) and payment cards (ISO/IEC 7812, Luhn)."""

import re
from collections.abc import Iterator

from stdnum import iban, luhn

from muniment.pii.recognisers.groups import digit_runs
from muniment.pii.types import PiiClass, Span

_COUNTRY = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])")
_ISSUERS = re.compile(r"3[47]\d{13}$|(?:1800|2131)\d{11}$|[2-6](?!\d{14}$)")
"""American Express and the old JCB have 15 digits; nobody else has, but the IMEI of a telephone, also Luhn's."""
_BESIDE = re.compile(r"[ -]\d|\d[ -]")
"""More groups of digits: this may be a part of something longer, with a check of its own."""
_SHORTEST_IBAN, _LONGEST_IBAN = 15, 34


def ibans(text: str) -> Iterator[Span]:
    """Every length at which the check digits fit is tried, longest first: what stands behind may look like more."""
    for found in _COUNTRY.finditer(text):
        places = _places(text, found.start())
        for length in range(min(len(places), _LONGEST_IBAN), _SHORTEST_IBAN - 1, -1):
            end = places[length - 1] + 1
            number = "".join(text[place] for place in places[:length])
            if (end == len(text) or not text[end].isalnum()) and _is_iban(number):
                yield Span(found.start(), end, PiiClass.IBAN, 1.0)
                break


def cards(text: str) -> Iterator[Span]:
    done = 0
    for start, end, digits in digit_runs(text, shortest=12, longest=19):
        if start >= done and _ISSUERS.match(digits) and len(set(digits)) > 1 and luhn.is_valid(digits):
            done = end
            alone = not _BESIDE.search(text, max(0, start - 2), start) and not _BESIDE.match(text, end)
            yield Span(start, end, PiiClass.CARD, 1.0 if alone else 0.95)


def _is_iban(number: str) -> bool:
    return iban.is_valid(number, check_country=False)


def _places(text: str, start: int) -> list[int]:
    """Where the letters and digits from here stand, over single gaps, at most as many as an IBAN has."""
    places: list[int] = []
    at = start
    while at < len(text) and len(places) < _LONGEST_IBAN:
        if text[at].isascii() and text[at].isalnum():
            places.append(at)
        elif text[at] not in " -" or not text[at - 1].isalnum():
            break
        at += 1
    return places
