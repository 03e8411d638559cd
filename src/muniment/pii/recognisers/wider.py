"""The classes that are off by default and have a shape: organisations, nationality, titles, ages, names of countries."""

import re
from collections.abc import Iterator
from functools import cache

from muniment.pii.recognisers.names import TITLES
from muniment.pii.types import PiiClass, Span
from muniment.pii.words import lines, word_list

_FORM = (
    r"Ltd|Limited|LLC|LLP|PLC|plc|Inc|Incorporated|Corp|Corporation|Co|Company|GmbH|AG|KG|KGaA|UG|e\.V|SE|S\.?A|SAS|SARL|S\.?r\.?l|"
    r"S\.?p\.?A|B\.?V|N\.?V|Oy|Oyj|AB|ApS|A/S|ASA|Kft|Zrt|Sp\. z o\.o|s\.r\.o|Group|Holdings?|Bank|Foundation|Association|Institute|"
    r"University|College|Hospital|Ministry|Council|Agency|Partners|Associates|Sons|Brothers|Stiftung|Verein|Universität|Klinikum"
)
_WORD = r"[A-ZÀ-ÖØ-Þ][\w&'-]{0,30}"
_ORGANISATION = re.compile(
    rf"(?<![\w.])(?:(?:{_WORD}|&|and|of|von|für)[ ,]{{1,2}}){{1,5}}(?:{_FORM})\b\.?"
    rf"|(?<!\w){_WORD}, {_WORD} and {_WORD}(?!\w)|(?<!\w){_WORD}-{_WORD}(?= (?:Ltd|Inc|Group))"
    rf"|(?<!\w)(?:University|Institute|Ministry|Department|Bank|Council|Universität|Bundesamt|Ministerium) (?:of|for|für|von) (?:the )?{_WORD}(?: {_WORD}){{0,3}}"
)
_TRADE = (
    r"Technologies|Technology|Software|Systems|Solutions|Services|Service|Networks?|Media|Studios?|Labs|Laboratories|"
    r"Consulting|Research|Investments?|Capital|Finance|Financial|Insurance|Securities|Ventures|Enterprises|Industries|"
    r"Pharmaceuticals|Motors|Airlines|Airways|Energy|Power|Logistics|Publishing|Press|Records|Restaurants|Stores|Movers|Lines"
)
_PROPER = rf"{_WORD}(?: (?:(?:&|of|and) )?{_WORD}){{0,3}}"
_NAMED = re.compile(
    rf"(?<![\w.])(?:{_WORD}[ ]){{1,3}}(?:{_TRADE})(?![\w-])"
    rf"|(?<=\b[Tt]he )(?:{_WORD}[ ]){{1,3}}(?=(?:office|offices|headquarters|branch|shareholders|staff|website|Orchestra|board)\b)"
)
_STAFF = (
    r"\bwork(?:s|ed|ing)? (?:for|at)|\bemployed (?:by|at)|\b(?:years?|months|internship|job|career) (?:at|with)|"
    r"\b(?:CEO|founder|employees?|shareholders?|customers?|subsidiary|chairman) of|\b(?:acquired|founded|employed) by|"
    r"\bwhich later became|\barbeite[nt]? (?:bei|für)|\b(?:beschäftigt|angestellt) bei|\bMitarbeiter(?:in)? (?:von|bei)"
)
_STAFF_OF = re.compile(rf"(?:{_STAFF}) (?:der |dem )?({_PROPER})")
_AGE = re.compile(
    r"(?<![\w.])(?:(?:aged?|alter(?: von)?)[ :]{1,2}(\d{1,3})|(\d{1,3})[ -](?:years?|yrs?)[ -](?:olds?|of age)|(\d{1,3})[ -]?(?:jahre alt|jährige[rnms]?)"
    r"|(\d{1,3}) ?(?:y/?o)|(?:i'?m|i am|turn(?:s|ed)?|turning|is|are|was) (\d{2})(?= ?(?:[.,;!?\n]|years|and |$)))(?!\w)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def organisations(text: str) -> Iterator[Span]:
    """By legal form, by trade, and by what is said of whoever works there: so much the surer names and places win."""
    yield from (Span(*found.span(), PiiClass.ORGANISATION, 0.7) for found in _ORGANISATION.finditer(text))
    for found in _NAMED.finditer(text):
        yield Span(found.start(), found.start() + len(found[0].rstrip()), PiiClass.ORGANISATION, 0.6)
    yield from (Span(*found.span(1), PiiClass.ORGANISATION, 0.5) for found in _STAFF_OF.finditer(text))


def says_organisation(words: str) -> bool:
    """By a legal form or a trade, whatever stands around."""
    return any(pattern.search(words) for pattern in (_ORGANISATION, _NAMED))


def ages(text: str) -> Iterator[Span]:
    for found in _AGE.finditer(text):
        group = found.lastindex or 0
        if int(found[group]) <= 120:
            yield Span(*found.span(group), PiiClass.AGE, 0.7)


def titles(text: str) -> Iterator[Span]:
    yield from (Span(*found.span(), PiiClass.TITLE, 0.9) for found in TITLES.finditer(text))


def nationalities(text: str) -> Iterator[Span]:
    known = word_list("nationalities")
    yield from (
        Span(*word.span(), PiiClass.NATIONALITY, 0.8) for word in _WORDS.finditer(text) if word[0].casefold() in known
    )


def countries(text: str) -> Iterator[Span]:
    yield from (Span(*found.span(), PiiClass.PLACE, 0.8) for found in _country_names().finditer(text))


@cache
def _country_names() -> re.Pattern[str]:
    """English and German, as CLDR has them. (`phonenumbers.geodata` has them too, with 100 MB of other things.)"""
    longest_first = sorted(lines("countries"), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
