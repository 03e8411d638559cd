"""Telephone numbers, checked against every country's numbering plan (Google's libphonenumber, as `phonenumbers`)."""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from muniment.pii.recognisers.context import said_before, words
from muniment.pii.types import PiiClass, Span

_SHAPE = re.compile(
    r"(?<![\w.,/-])(?:\+|00)?\(?\d{1,5}\)?(?:[ .\-/]{0,3}\(?\d{1,5}\)?){1,7}(?:[ ]?(?:x|ext\.?|#)[ ]?\d{1,6})?(?![\w]|[.,]\d)"
)
_SAID = words(
    r"tel(?:ephone|efon|éfono|\.)?", "phone", "mobile", "mobil", "cell(?:phone)?", "handy", "fax", "call", "ring", "dial",
    "text", "sms", "whatsapp", "rufnummer", r"telefonnummer", "reach (?:me|him|her|us|them)", "contact", "hotline", "móvil",
    "téléphone", "portable", "fon",
)  # fmt: skip
_OTHERWISE = words(
    "isbn", "issn", "doi", "order", "invoice", "rechnung(?:snummer)?", "rechnungs-?nr", "bestell(?:nummer|nr)", "article",
    "sku", "ticket", "case", "ref(?:erence)?", "no", "nr", "page", "pages", "pp", r"aktenzeichen", "az", "version", "part",
)  # fmt: skip
REGIONS = (
    "US", "GB", "DE", "FR", "IT", "ES", "NL", "BE", "AT", "CH", "PL", "SE", "DK", "NO", "FI", "PT", "IE", "CZ", "HU", "GR",
    "RO", "SK", "BG", "HR", "LT", "LV", "EE", "SI", "LU", "AU", "NZ", "IS",
)  # fmt: skip


def phones(text: str) -> Iterator[Span]:
    for found in _SHAPE.finditer(text):
        number = found[0].rstrip("( ")
        digits = sum(map(str.isdigit, number))
        if not 6 <= digits <= 17 or _MEASURES.search(number) or _NO_PHONE.fullmatch(number.strip("() ")):
            continue
        said = said_before(text, found.start(), _SAID, reach=32)
        if not said and _AMOUNT.match(text, found.start() + len(number)):
            continue
        score = _score(number, digits, said=said)
        if score and (said or not said_before(text, found.start(), _OTHERWISE, reach=16)):
            yield Span(found.start(), found.start() + len(number), PiiClass.PHONE, score)


_NO_PHONE = re.compile(
    r"\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}|\d{4} ?[-/] ?\d{4}"
    r"|\d{1,6}/(?:19|20)\d{2}|\d{1,3}\.\d{1,3} ?[-–/] ?\d{1,3}\.\d{1,3}|0\.\d{1,17}"
)
"""Dates, spans of years, numbers of laws, ranges of decimals."""
_AMOUNT = re.compile(r" ?(?:[€$£%]|(?:EUR|USD|GBP|CHF|euros?|dollars?|pounds|percent|Prozent)\b)", re.IGNORECASE)
_MEASURES = re.compile(r"\d\.\d(?!\d)|\(\d\.\d|/[^/]{0,16}/")
_SEPARATED = re.compile(r"\d[ .\-/()]{1,3}\(?\d")


def _score(number: str, digits: int, *, said: bool) -> float:
    """How sure this is: by the plan of a country it names, by being announced, by a national plan and its shape."""
    if number.startswith(("+", "00")):
        return 0.97 if is_number("+" + number.lstrip("+0"), None) else 0.6 if digits >= 9 and number[0] == "+" else 0.0
    national = any(is_number(number, region) for region in REGIONS)
    if said:
        return 0.9 if national else 0.7 if digits >= 7 else 0.0
    if not national or not _SEPARATED.search(number):
        return 0.0
    if number.startswith("0") or "(" in number:
        return 0.8
    return 0.6 if digits >= 8 else 0.5 if re.fullmatch(r"\d{3}[ -]\d{4}", number) else 0.0


@lru_cache(maxsize=4096)
def is_number(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False
