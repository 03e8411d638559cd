"""Dates and times of any form; and of them the dates of birth, which the words around them give away."""

import re
from collections.abc import Iterator

from muniment.pii.recognisers.context import words
from muniment.pii.types import PiiClass, Span

_MONTHS = (
    "jan(?:uary|uar)?|jänner|feb(?:ruary|ruar)?|mar(?:ch)?|märz?|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?"
)
_YEAR = r"(?:1[89]|20)\d{2}"
_TIME = r"(?:[T ,]{1,2}\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[ ]?[ap]\.?m\.?)?)?"
_DATE_TEXT = (
    rf"{_YEAR}[-/.][01]?\d[-/.][0-3]?\d(?!\d){_TIME}"
    rf"|[0-3]?\d[-/.][0-3]?\d[-/.](?:{_YEAR}|\d{{2}})(?!\d){_TIME}"
    rf"|[0-3]?\d(?:st|nd|rd|th|\.)?[ \n-](?:of )?(?:{_MONTHS})\b\.?(?:[ \n,-]{{1,2}}(?:{_YEAR}|'?\d{{2}}(?![\d:])))?"
    rf"|(?:{_MONTHS})\b\.?[ \n][0-3]?\d(?:st|nd|rd|th)?(?!\d)(?:[ \n,]{{1,2}}{_YEAR})?"
)
DATE = re.compile(rf"(?<![\w.])(?:{_DATE_TEXT})(?!\w)", re.IGNORECASE)
_WIDER = re.compile(
    rf"(?<![\w.])(?:(?:{_MONTHS})\b\.?,? {_YEAR}|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|{_YEAR}s?"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?)(?!\w|-\d)",
    re.IGNORECASE,
)
_BORN = words(
    "born", "date of birth", r"d\.?o\.?b\.?", "birth ?dates?", "birthdays?", "date de naissance", "geburtsdatum", "geboren(?: am)?",
    r"geb\.", "geburtstag", "née?", "nacid[oa]", "fecha de nacimiento", "data di nascita", "nat[oa] il", "geboortedatum",
    "data urodzenia", "születési",
)  # fmt: skip
_BIRTH_REACH = 64
_BORN_SIGN = re.compile(rf"\*[ ]?(?={_DATE_TEXT})", re.IGNORECASE)


def dates(text: str) -> Iterator[Span]:
    for pattern, score in ((DATE, 0.8), (_WIDER, 0.6)):
        yield from (Span(*found.span(), PiiClass.DATE, score) for found in pattern.finditer(text))


def birth_dates(text: str) -> Iterator[Span]:
    """The first date close behind a word of birth, in the same sentence as a reader would take it."""
    for said in _BORN.finditer(text):
        found = DATE.search(text, said.end(), min(len(text), said.end() + _BIRTH_REACH))
        if found:
            yield Span(*found.span(), PiiClass.BIRTH_DATE, 0.9)
    for sign in _BORN_SIGN.finditer(text):
        found = DATE.match(text, sign.end())
        if found:
            yield Span(*found.span(), PiiClass.BIRTH_DATE, 0.8)
