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
_AGE = re.compile(
    r"(?<![\w.])(?:(?:aged?|alter(?: von)?)[ :]{1,2}(\d{1,3})|(\d{1,3})[ -](?:years?|yrs?)[ -](?:olds?|of age)|(\d{1,3})[ -]?(?:jahre alt|jährige[rnms]?)"
    r"|(\d{1,3}) ?(?:y/?o)|(?:i'?m|i am|turn(?:s|ed)?|turning|is|are|was) (\d{2})(?= ?(?:[.,;!?\n]|years|and |$)))(?!\w)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def organisations(text: str) -> Iterator[Span]:
    yield from (Span(*found.span(), PiiClass.ORGANISATION, 0.7) for found in _ORGANISATION.finditer(text))


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
