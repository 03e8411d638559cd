"""Given names that everybody knows, and the surname behind one: what the model is least sure of in German.

A surname that is also a town or a thing (Stoltenberg, Kranz) is one behind a given name. Both parts must begin with a
capital, for German writes its nouns so; in a text that uses none, a listed given name is a name by itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from muniment.pii.types import Label, PiiClass, Span, Tag
from muniment.pii.words import word_list

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀ-Ž]"
_NAME = rf"{_CAPITAL}[^\W\d_]{{1,30}}(?:-{_CAPITAL}[^\W\d_]{{1,30}}){{0,2}}"
_PAIR = re.compile(
    rf"(?<![\w.-])({_NAME})[ ](?:{_CAPITAL}\.[ ])?((?:(?:von|van|zu|de|der|den|ter)[ ]){{0,2}}{_NAME})(?![\w-])"
)
_SMALL = re.compile(r"(?<![\w.-])[^\W\d_]{4,30}(?!\w)")
_NAMES = frozenset({Label.GIVEN_NAME, Label.SURNAME})
_LIKE_NAMES = _NAMES | {Label.CITY}
_GIVEN, _SURE_GIVEN = 0.5, 0.9
_SUSPECTED, _LISTED, _ALONE = 0.7, 0.35, 0.45
"""Below 0.4 a name is not followed through the text (`propagation`): what stands behind Peter may be no surname."""


def full_names(text: str, tags: Sequence[Tag]) -> Iterator[Span]:
    """PERSON spans. `tags` also with those the model hardly believes."""
    seen = {(tag.start, tag.end): tag for tag in tags}
    at = 0
    while pair := _PAIR.search(text, at):
        at = pair.end(1)
        if score := _score(pair, seen):
            yield Span(*pair.span(), PiiClass.PERSON, score)
            at = pair.end()
    if not any(map(str.isupper, text)):
        known = _known()
        for word in _SMALL.finditer(text):
            if word[0] in known:
                yield Span(*word.span(), PiiClass.PERSON, _ALONE)


def _score(pair: re.Match[str], seen: Mapping[tuple[int, int], Tag]) -> float:
    """0 where the first word is no given name, or the second certainly no surname."""
    given, surname = seen.get(pair.span(1)), seen.get(pair.span(2))
    listed = all(part in _known() for part in pair[1].casefold().split("-"))
    sure = given is not None and given.label in _NAMES and given.score >= (_GIVEN if listed else _SURE_GIVEN)
    if not (listed or sure) or (pair[2].casefold() in word_list("also_names") and not (listed and sure)):
        return 0
    if surname is not None and surname.label in _LIKE_NAMES:
        return _SUSPECTED
    return _LISTED if listed else 0


@cache
def _known() -> frozenset[str]:
    return word_list("given_names") - word_list("also_names")
