"""Numbers on cards and papers: passports, driving licences, plates, health insurance."""

import re
from collections.abc import Iterator

from muniment.pii.recognisers.context import labelled, said_before, words
from muniment.pii.recognisers.own_checks import mrz
from muniment.pii.types import PiiClass, Span

_NUMBER = re.compile(
    r"(?<![\w-])(?=[A-Z0-9 -]{0,24}\d)((?:[A-Z]{1,3}[ -]?)?\d(?:[ -]?[A-Z0-9]){4,17}|[A-Z0-9]{6,18})(?![\w-])"
)
_PASSPORT = words(
    "passports?",
    "reisepass(?:nummer|nr)?",
    "pass-?(?:nr|nummer)",
    "passeport",
    "pasaporte",
    "passaporto",
    "paspoort(?:nummer)?",
)
_PASSPORT_NUMBER = re.compile(r"(?<![\w-])((?=(?:[A-Z]{0,8}\d){3})[A-Z0-9]{6,10})(?![\w-])")
_MRZ = re.compile(r"(?<![\w<])[A-Z0-9<]{30,44}(?![\w<])")
_MRZ_FIRST = re.compile(r"[PIACV][A-Z<][A-Z<]{3}[A-Z0-9<]{25,39}")

_LICENCE = words(
    r"driv(?:er'?s?|ing)[ -]licen[cs]es?", r"licen[cs]e (?:no|number)", "dl(?: ?(?:no|number|#))?", "führerschein(?:nummer|nr)?", "permis de conduire",
    "patente di guida", "permiso de conducir", "rijbewijs(?:nummer)?", "prawo jazdy",
)  # fmt: skip
_DVLA = re.compile(r"(?<![\w])[A-Z]{1,5}9{0,4}\d[0156]\d[0-3]\d\d[A-Z9]{2}[A-Z2-9][A-Z]{2}(?!\w)")

_PLATE = words(
    r"(?:licen[cs]e|number|registration|vehicle|car)[ -]?plates?", "plates?", r"(?:vehicle )?registration(?: (?:number|no|mark))?", r"reg(?:\. ?(?:no|nr))?",
    "(?:kfz-?|amtliche[sn]? )?kennzeichen", "immatriculation", "matrícula", "targa", "kenteken", "rejestracyjn[yae]",
)  # fmt: skip
_PLATE_NUMBER = re.compile(
    r"(?<![\w-])(?=[A-ZÄÖÜ0-9 ·-]{0,12}\d)((?:[A-ZÄÖÜ]{1,3}|\d{1,4})(?:[ ·-]{0,2}(?:[A-ZÄÖÜ]{1,3}|\d{1,5})){1,3}[EH]?)(?![\w-])"
)
_PLATE_SHAPES = re.compile(
    r"(?<![\w-])(?:[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} [1-9]\d{0,3}[EH]?"  # Germany
    r"|[A-Z]{2}(?:0[1-9]|[1-7]\d) ?[A-HJ-PR-Z]{3}"  # United Kingdom since 2001
    r"|[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}"  # France, Italy
    r"|\d{2}-[A-Z]{2}-\d{2}|[A-Z]{2}-\d{2}-\d{2}|\d{2}-[A-Z]{3}-\d|\d-[A-Z]{3}-\d{2,3}"  # Netherlands, Portugal, Belgium
    r"|\d{4} [B-DF-HJ-NP-TV-Z]{3})(?![\w-])"  # Spain
)

_SHORTEST_PLATE = 4

_HEALTH = words(
    r"health (?:insurance|card|plan)(?: (?:number|no|id))?", r"insurance (?:number|no|id|policy|member)(?: (?:number|no|id))?", "member id",
    r"polic(?:y|en)(?: (?:number|no))?", "policennummer", r"(?:kranken)?versicher(?:ten|ungs)-?(?:nummer|nr)", "kvnr", "ehic", "medicare(?: (?:number|no|id))?",
    "medicaid(?: (?:number|no|id))?", "mbi", "carte vitale", "nhs(?: (?:number|no))?", "hicn", "subscriber id",
)  # fmt: skip
_MBI = re.compile(
    r"(?<![\w])[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}(?!\w)"
)
_EHIC = re.compile(r"(?<!\w)80\d{18}(?!\w)")


def passports(text: str) -> Iterator[Span]:
    yield from labelled(text, _PASSPORT, _PASSPORT_NUMBER, PiiClass.PASSPORT, 0.9)
    for found in _MRZ.finditer(text):
        if (_MRZ_FIRST.fullmatch(found[0]) and "<<" in found[0]) or _has_check_digits(found[0]):
            yield Span(*found.span(), PiiClass.PASSPORT, 0.99)


def _has_check_digits(line: str) -> bool:
    """The second line of a passport (44 signs) or of a visa, or of a card with two lines (36): ICAO Doc 9303."""
    return (
        len(line) in (36, 44)
        and mrz(line[:9]) == line[9]
        and mrz(line[13:19]) == line[19]
        and mrz(line[21:27]) == line[27]
    )


def driving_licences(text: str) -> Iterator[Span]:
    yield from labelled(text, _LICENCE, _NUMBER, PiiClass.DRIVING_LICENCE, 0.85)
    yield from (
        Span(*found.span(), PiiClass.DRIVING_LICENCE, 0.9) for found in _DVLA.finditer(text) if len(found[0]) == 16
    )


def licence_plates(text: str) -> Iterator[Span]:
    announced = labelled(text, _PLATE, _PLATE_NUMBER, PiiClass.LICENCE_PLATE, 0.85, reach=32)
    yield from (span for span in announced if span.end - span.start >= _SHORTEST_PLATE)
    for found in _PLATE_SHAPES.finditer(text):
        if not said_before(text, found.start(), _NO_PLATE, reach=16):
            yield Span(*found.span(), PiiClass.LICENCE_PLATE, 0.5)


_NO_PLATE = words("section", "form", "iso", "din", "en", "model", "type", "paragraph", "article", "order", "invoice")


def health_insurance(text: str) -> Iterator[Span]:
    yield from labelled(text, _HEALTH, _NUMBER, PiiClass.HEALTH_INSURANCE, 0.85)
    for pattern in (_MBI, _EHIC):
        yield from (Span(*found.span(), PiiClass.HEALTH_INSURANCE, 0.9) for found in pattern.finditer(text))
