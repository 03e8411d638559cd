"""Finds personal data in a text: rules and model together, names followed through the text, one answer."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from muniment.core.watch import Watch, unwatched
from muniment.pii.folding import fold
from muniment.pii.overlaps import resolved
from muniment.pii.propagation import propagated
from muniment.pii.recognisers import wider
from muniment.pii.recognisers.address import addresses
from muniment.pii.recognisers.bank import cards, ibans
from muniment.pii.recognisers.coordinates import coordinates
from muniment.pii.recognisers.credentials import credentials
from muniment.pii.recognisers.custom import custom_patterns, custom_terms, listed_words, phrase
from muniment.pii.recognisers.dates import birth_dates, dates
from muniment.pii.recognisers.documents import driving_licences, health_insurance, licence_plates, passports
from muniment.pii.recognisers.email import emails
from muniment.pii.recognisers.names import names
from muniment.pii.recognisers.national_ids import national_ids
from muniment.pii.recognisers.network import devices, ip_addresses
from muniment.pii.recognisers.phone import phones
from muniment.pii.tagged import joined_addresses, spans_of
from muniment.pii.types import PiiClass, Recogniser, Selection, Span, Tagger

RULES: dict[PiiClass, tuple[Recogniser, ...]] = {
    PiiClass.PERSON: (names,),
    PiiClass.EMAIL: (emails,),
    PiiClass.PHONE: (phones,),
    PiiClass.ADDRESS: (addresses,),
    PiiClass.IBAN: (ibans,),
    PiiClass.CARD: (cards,),
    PiiClass.NATIONAL_ID: (national_ids,),
    PiiClass.PASSPORT: (passports,),
    PiiClass.DRIVING_LICENCE: (driving_licences,),
    PiiClass.BIRTH_DATE: (birth_dates,),
    PiiClass.IP_ADDRESS: (ip_addresses,),
    PiiClass.DEVICE_ID: (devices,),
    PiiClass.LICENCE_PLATE: (licence_plates,),
    PiiClass.HEALTH_INSURANCE: (health_insurance,),
    PiiClass.CREDENTIAL: (credentials,),
    PiiClass.COORDINATES: (coordinates,),
    PiiClass.ORGANISATION: (wider.organisations,),
    PiiClass.PLACE: (wider.countries,),
    PiiClass.DATE: (dates,),
    PiiClass.NATIONALITY: (wider.nationalities,),
    PiiClass.TITLE: (wider.titles,),
    PiiClass.AGE: (wider.ages,),
}
"""The rules of each class. Those of places run always: a town beside a street is part of the address."""


def detect(
    text: str, *, tagger: Tagger | None, selection: Selection | None = None, watch: Watch = unwatched
) -> tuple[Span, ...]:
    """What of the selected classes stands in the text: spans of it in order, none overlapping. Deterministic.

    `tagger` None looks with rules alone. `watch` is told how many characters are done, and may raise to end the work.
    Raises PatternError for an owner's pattern that cannot be used.
    """
    chosen = selection or Selection()
    folded = fold(text)
    found = list(_by_rules(folded.text, chosen, lambda: watch(0, len(text))))
    if tagger is not None:
        found += spans_of(
            folded.text, tagger(folded.text, watch=lambda done, _: watch(min(done, len(text)), len(text)))
        )
    listed = [(fold(words).text, kind) for words, kind in chosen.listed]
    named = list(listed_words(folded.text, listed))
    spare = list(_phrases(folded.text, [*chosen.contacts, *chosen.never]))
    spared, known = _reach(spare), _reach([*spare, *((one.start, one.end) for one in named)])
    # Before pieces are joined and names followed: what the owner knows better spreads no further.
    found = _outside(folded.text, known, found)
    found = [span for span in found if span.kind not in _PIECES] + joined_addresses(folded.text, found)
    found = [span for span in found if span.kind in chosen.classes] + named
    found = _outside(folded.text, spared, found)
    if PiiClass.PERSON in chosen.findable:
        found += propagated(folded.text, found, listed=[words for words, kind in listed if kind is PiiClass.PERSON])
    found = _outside(folded.text, spared, found)
    watch(len(text), len(text))
    return tuple(
        Span(*folded.span(span.start, span.end), span.kind, span.score) for span in resolved(folded.text, found)
    )


_PIECES = frozenset({PiiClass.ADDRESS, PiiClass.PLACE})


def _by_rules(text: str, selection: Selection, between: Callable[[], None]) -> Iterator[Span]:
    for kind, rules in RULES.items():
        if kind in selection.classes or (kind is PiiClass.PLACE and PiiClass.ADDRESS in selection.classes):
            for rule in rules:
                between()
                yield from rule(text)
    if PiiClass.CUSTOM in selection.classes:
        yield from custom_terms(text, selection.terms)
        yield from custom_patterns(text, selection.patterns)


def _phrases(text: str, phrases: Iterable[str]) -> Iterator[tuple[int, int]]:
    for words in phrases:
        yield from (found.span() for found in phrase(fold(words).text).finditer(text))


def _reach(places: Iterable[tuple[int, int]]) -> dict[int, int]:
    """From every character of the places to the furthest end of one that holds it."""
    reach: dict[int, int] = {}
    for start, end in places:
        reach.update({at: max(end, reach.get(at, 0)) for at in range(start, end)})
    return reach


def _outside(text: str, known: Mapping[int, int], spans: Iterable[Span]) -> list[Span]:
    """Drops what lies within one phrase that is known, but for signs at its ends; what reaches further stays found."""
    return [span for span in spans if not _lies_within(text, known, span)] if known else list(spans)


def _lies_within(text: str, known: Mapping[int, int], span: Span) -> bool:
    start, end = span.start, span.end
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start < end and known.get(start, 0) >= end
