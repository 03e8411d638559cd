"""From tagged words to spans: names joined whole, the pieces of an address joined to one place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from muniment.pii.full_names import full_names
from muniment.pii.ordinary import without_ordinary_words
from muniment.pii.recognisers.address import STREET_WORD
from muniment.pii.recognisers.names import TITLES
from muniment.pii.types import Label, PiiClass, Span, Tag
from muniment.pii.words import word_list

_NAMES = frozenset({Label.GIVEN_NAME, Label.SURNAME})
_ADDRESS = frozenset({Label.BUILDING_NUMBER, Label.STREET_NAME, Label.SECONDARY_ADDRESS, Label.ZIP_CODE})
_PLACES = frozenset({Label.CITY, Label.STATE})
_OTHERS = {
    Label.EMAIL: PiiClass.EMAIL,
    Label.PHONE: PiiClass.PHONE,
    Label.TAX_ID: PiiClass.NATIONAL_ID,
    Label.GOVERNMENT_ID: PiiClass.NATIONAL_ID,
    Label.BANK_ACCOUNT: PiiClass.IBAN,
    Label.ROUTING_NUMBER: PiiClass.IBAN,
    Label.PASSPORT: PiiClass.PASSPORT,
    Label.DRIVERS_LICENSE: PiiClass.DRIVING_LICENCE,
}
_BETWEEN_NAMES = re.compile(r"[ \t]{0,2}\n?[ \t]{0,2}|[ ]?[.'-][ ]?|, ?(?=$)")
_INSIDE_NUMBER = re.compile(r"[ .()/@_+-]{0,3}")
_BETWEEN_PLACES = re.compile(r"[\s,;.'\u2019/#()-]{0,5}")
_TOWN_BETWEEN = re.compile(r"[ ]?[,\n][ ]{0,2}(?:[^\W\d_][^\W\d_.'()-]{0,30}[ ]?){1,4}[,\n ]{0,3}")
"""A town that nobody knows: up to four words on a line, or between commas, of their own."""
_LONGEST_TOWN = 60
_NEAR = 40
SURE = 0.3
"""Above this probability of any label a word is believed to be that: docs/decisions/0013-finding-personal-data.md."""
_MODEL, _BARE = 0.9, 0.6
_SURE_SMALL, _SURE_MIXED, _SURE_STREET = 0.72, 0.45, 0.68
_BLANK = re.compile(r"[\s,]")
_SMALL = re.compile(r"[a-z]")
_LONG_NUMBER = re.compile(r"\d{4}|\d{3} \d{2}")
_TITLED = re.compile(rf"(?:{TITLES.pattern}\s+)+")
_WORDS = re.compile(r"[^\W\d_]+")
_PARTS = word_list("parts_of_documents")
_BEFORE_NUMBER = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(_PARTS))}|§§?|art\.|abs\.|no\.|nr\.)[ ]$", re.IGNORECASE)
_NUMBERED = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(_PARTS))})[ ]\d[\d.()/-]*", re.IGNORECASE)
_NAME_ALONE = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*(?:[ ][^\W\d_]+(?:['-][^\W\d_]+)*){1,3}")
_COUNTED = re.compile(r"([a-z]+) \d{1,5}")
_LEAST_DIGITS = 5


def spans_of(text: str, tags: Sequence[Tag]) -> Iterator[Span]:
    people = _people(text, [tag for tag in tags if tag.label in _NAMES and tag.score >= SURE])
    yield from without_ordinary_words(text, list(people))
    yield from full_names(text, tags)
    tags = [tag for tag in tags if tag.score >= SURE]
    for label, kind in _OTHERS.items():
        for span in _joined(text, [tag for tag in tags if tag.label is label], kind, _INSIDE_NUMBER):
            digits = sum(map(str.isdigit, text[span.start : span.end]))
            if (kind is PiiClass.EMAIL and "@" in text[span.start : span.end]) or (
                digits >= _LEAST_DIGITS
                and not (_SMALL.search(text, span.start, span.end) and _has_capitals(text, span))
            ):
                yield span
    places = [tag for tag in tags if tag.label in _PLACES or tag.label in _ADDRESS]
    yield from _joined(text, [tag for tag in places if tag.label in _PLACES], PiiClass.PLACE, _BETWEEN_PLACES)
    yield from _joined(text, [tag for tag in places if tag.label in _ADDRESS], PiiClass.ADDRESS, _BETWEEN_PLACES)


def joined_addresses(text: str, spans: Iterable[Span]) -> list[Span]:
    """Pieces of an address and the places beside them become one ADDRESS span; places alone stay as they are.

    What stands between two pieces may be punctuation and blanks, a line's end included, and nothing else.
    """
    kinds = (PiiClass.ADDRESS, PiiClass.PLACE)
    pieces = sorted((span for span in spans if span.kind in kinds), key=lambda span: (span.start, -span.end))
    out: list[Span] = []
    for piece in pieces:
        last = out[-1] if out else None
        if last and (piece.start <= last.end or _belong_together(text, last, piece)):
            kind = PiiClass.ADDRESS if PiiClass.ADDRESS in (last.kind, piece.kind) else PiiClass.PLACE
            out[-1] = Span(last.start, max(last.end, piece.end), kind, max(last.score, piece.score))
        else:
            out.append(piece)
    return [_judged(text, span) for span in out if span.kind is PiiClass.PLACE or _is_credible(text, span)]


def _judged(text: str, span: Span) -> Span:
    """A bare number may be a post code; where a rule knows it better, the rule is right. A name alone on its line, as
    the subject of a letter is, looks like a street to the model: it is one only with a word for a street.
    """
    if _WORDS.search(text, span.start, span.end) is None:
        return replace(span, score=min(span.score, _BARE))
    if span.kind is PiiClass.ADDRESS and _is_name_alone(text, span):
        return replace(span, kind=PiiClass.PERSON)
    return span


def _is_name_alone(text: str, span: Span) -> bool:
    piece = text[span.start : span.end]
    line = text[text.rfind("\n", 0, span.start) + 1 : span.start].strip()
    is_alone = not line or line.endswith(":") or piece.split()[0].casefold() in word_list("given_names")
    return is_alone and _NAME_ALONE.fullmatch(piece) is not None and STREET_WORD.search(piece) is None


def _belong_together(text: str, first: Span, second: Span) -> bool:
    if _BETWEEN_PLACES.fullmatch(text, first.end, second.start):
        return True
    town = first.kind is PiiClass.ADDRESS and second.start - first.end <= _LONGEST_TOWN
    return town and _TOWN_BETWEEN.fullmatch(text, first.end, second.start) is not None


def _people(text: str, tags: list[Tag]) -> Iterator[Span]:
    """Names. The model knows no capitals; the writer may: a small word among capitals is seldom a name.

    A name written small that stands elsewhere with its capital is found again by `propagation`.
    """
    for joined in _joined(text, tags, PiiClass.PERSON, _BETWEEN_NAMES):
        span = _without_title(text, joined)
        name = text[span.start : span.end]
        if sum(map(str.isalpha, name)) < 2 or _is_reference(name):
            continue
        if name.islower() and _has_capitals(text, span) and (" " not in name or span.score < _SURE_SMALL):
            continue
        yield span


def _without_title(text: str, span: Span) -> Span:
    title = _TITLED.match(text, span.start, span.end)
    return replace(span, start=title.end()) if title else span


def _has_capitals(text: str, span: Span) -> bool:
    before, after = text[max(0, span.start - _NEAR) : span.start], text[span.end : span.end + _NEAR]
    return any(word[0].isupper() and word != "I" for word in (before + " " + after).split())


def _is_reference(piece: str) -> bool:
    """A place in a document, which has a number as a house has: "Artikel 43", "in Absatz 3"."""
    found = _WORDS.findall(piece.casefold())
    return any(word in _PARTS for word in found) and all(word in _PARTS or len(word) <= 4 for word in found)


def _is_counted(text: str, span: Span) -> bool:
    """One of many things with numbers: "garden 279". Written small where others have their capitals, and an ordinary
    word, no word for a street.
    """
    thing = _COUNTED.fullmatch(text, span.start, span.end)
    return (
        thing is not None
        and thing[1] in word_list("ordinary")
        and STREET_WORD.fullmatch(thing[1]) is None
        and _has_capitals(text, span)
    )


def _is_credible(text: str, span: Span) -> bool:
    """An address has a number and a word, or a number as long as a post code; or the model is sure of a street."""
    piece = text[span.start : span.end]
    if (
        _is_reference(piece)
        or _is_counted(text, span)
        or _BEFORE_NUMBER.search(text, max(0, span.start - _NEAR), span.start)
    ):
        return False
    digits, words = any(map(str.isdigit, _NUMBERED.sub("", piece))), _WORDS.findall(piece)
    if digits and any(len(word) > 1 for word in words):
        return span.score >= _SURE_MIXED and _BLANK.search(piece) is not None
    return (
        span.score >= _SURE_STREET if words else _LONG_NUMBER.search(piece) is not None and span.score >= _SURE_STREET
    )


def _joined(text: str, tags: list[Tag], kind: PiiClass, between: re.Pattern[str]) -> Iterator[Span]:
    """Tags with nothing but `between` from one to the next, as one span each; its score the mean of theirs."""
    run: list[Tag] = []
    for tag in tags:
        if run and not between.fullmatch(text, run[-1].end, tag.start):
            yield _span(run, kind)
            run = []
        run.append(tag)
    if run:
        yield _span(run, kind)


def _span(run: list[Tag], kind: PiiClass) -> Span:
    """Its score stays below that of any rule with a shape of its own: the model also sees towns in e-mail addresses."""
    return Span(run[0].start, run[-1].end, kind, round(_MODEL * sum(tag.score for tag in run) / len(run), 3))
