"""A question in its working form: personal data in it replaced as it was in the documents it is asked of.

In a question a name stands alone, in small letters, with an ending: a detector sees less than in a document. But the
stand-in of a word can be computed, and whoever holds the documents knows in how many of their pieces it stands. So a
word is a name here where the documents hold it as one at least as often as in clear.

Residue accepted: a word that a detector takes for a name stays in clear where the documents hold it so, and more often
than as a name. They were looked through by the same detector, and a model reads them beside the question.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from muniment.pii.offsets import spliced
from muniment.pii.recognisers.address import STREET_WORD
from muniment.pii.recognisers.custom import phrase
from muniment.pii.recognisers.wider import says_organisation
from muniment.pii.standins import StandIn, masked
from muniment.pii.types import PiiClass, Selection, Span
from muniment.pii.words import word_list

_WORD = re.compile(r"[^\W\d_]+")
_ENDING = re.compile(r"(?<=\w\w\w)s$")
_BARE_NAME = re.compile(r"[^\W\d_]+(?:['.-]?[ ]?[^\W\d_]+){0,5}")
_SHORTEST = 3
_MISTAKEN = (PiiClass.PERSON, PiiClass.ADDRESS)
_ALIKE = (*_MISTAKEN, PiiClass.ORGANISATION, PiiClass.PLACE)
"""What a bare name may be taken for, in this order where a mask says no more than the class."""

Held = Callable[[Collection[str]], Mapping[str, int]]
"""In how many pieces of the documents each of these words stands; one that carries no meaning stands in all of them."""


@dataclass(frozen=True, slots=True)
class WorkingQuestion:
    """`pairs`: what each stand-in in `text` stands for; empty where masking cannot be undone."""

    text: str
    pairs: Mapping[str, str] = field(default_factory=dict)


def working_question(
    text: str, spans: Sequence[Span], *, selection: Selection, stand_in: StandIn, held: Held
) -> WorkingQuestion:
    """`spans` as `detect` gives them for this text and selection."""
    words = _Words(text, spans, stand_in, held)
    places = words.masked(spans) if stand_in is masked else words.replaced(spans, selection)
    places.sort(key=lambda place: place.start)
    pairs = {place.instead: text[place.start : place.end] for place in places if stand_in is not masked}
    return WorkingQuestion(spliced(text, ((place.start, place.end, place.instead) for place in places)), pairs)


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    instead: str


@dataclass(frozen=True, slots=True)
class _Word:
    """`form`: the one under which the documents hold it as a name, else as it was written; counts are of pieces."""

    start: int
    end: int
    form: str
    as_name: int
    in_clear: int

    @property
    def is_in_clear(self) -> bool:
        return self.in_clear > self.as_name


class _Words:
    """The words of one question, with what the documents hold of each."""

    def __init__(self, text: str, spans: Sequence[Span], stand_in: StandIn, held: Held) -> None:
        self._text = text
        self._stand_in = stand_in
        found = list(_WORD.finditer(text))
        asked = {(PiiClass.PERSON, form) for word in found for form in _forms(word[0])}
        asked |= {(kind, text[span.start : span.end]) for span in spans for kind in (span.kind, *_MISTAKEN)}
        insteads = {} if stand_in is masked else {one: stand_in(*one) for one in asked}
        masks = {kind: masked(kind, "") for kind in _ALIKE} if stand_in is masked and spans else {}
        counts = held({form for _, form in asked} | set(insteads.values()) | set(masks.values()))
        self._masks = {kind: counts[mask] for kind, mask in masks.items()}
        self._as_name = {one: counts[insteads[one]] * (insteads[one] != one[1]) if insteads else 0 for one in asked}
        self._in_clear = {form: counts[form] for _, form in asked}
        self._words = [self._word(word) for word in found]

    def masked(self, spans: Iterable[Span]) -> list[_Place]:
        """Where masking cannot be undone nothing tells one name from another: each find as it is, without its edges."""
        return [place for span in spans for place in self._whole(self._mask(span), span)]

    def _mask(self, span: Span) -> PiiClass:
        """As what the documents may hold it. A bare name in a question looks like a street, a town or a firm: unless a
        word says that it is one, it is a person wherever the documents hold any.
        """
        words = self._text[span.start : span.end]
        if span.kind not in _ALIKE or not _BARE_NAME.fullmatch(words):
            return span.kind
        said = bool(STREET_WORD.search(words)) or says_organisation(words) or span.kind is PiiClass.PLACE
        likely = (span.kind, *_ALIKE) if said else _ALIKE
        return next((kind for kind in likely if self._masks[kind]), span.kind)

    def replaced(self, spans: Sequence[Span], selection: Selection) -> list[_Place]:
        names: list[_Word] = []
        places: list[_Place] = []
        for span in spans:
            if (kind := self._kind(span)) is PiiClass.PERSON:
                names += [word for word in self._inside(span) if not word.is_in_clear]
            else:
                places += self._whole(kind, span)
        if PiiClass.PERSON in selection.findable:
            names = self._with_further_names(names, _taken(self._text, places, (*selection.contacts, *selection.never)))
        return [*places, *(_Place(one.start, one.end, self._stand_in(PiiClass.PERSON, one.form)) for one in names)]

    def _kind(self, span: Span) -> PiiClass:
        """What the documents took it for: where a question says less, a name looks like a street, or the reverse."""
        words = self._text[span.start : span.end]
        known = {kind for kind in (span.kind, *_MISTAKEN) if self._as_name[kind, words]}
        if any(word.as_name for word in self._inside(span)):
            known.add(PiiClass.PERSON)
        return span.kind if span.kind in known or not known else min(known)

    def _whole(self, kind: PiiClass, span: Span) -> Iterator[_Place]:
        start, end, words = span.start, span.end, self._text[span.start : span.end]
        as_such = self._as_name[kind, words]
        if self._in_clear[words] > as_such:
            return
        if kind in _MISTAKEN and not as_such:
            start, end = self._without_edges(span)
        if start < end:
            yield _Place(start, end, self._stand_in(kind, self._text[start:end]))

    def _without_edges(self, span: Span) -> tuple[int, int]:
        """A detector takes words around a name for a part of it; the documents hold these in clear."""
        start, end = span.start, span.end
        inside = [word for word in self._inside(span) if word.start >= start and word.end <= end]
        while inside and inside[0].is_in_clear and not self._text[start : inside[0].start].strip():
            start = inside.pop(0).end
        while inside and inside[-1].is_in_clear and not self._text[inside[-1].end : end].strip():
            end = inside.pop().start
        piece = self._text[start:end]
        return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())

    def _with_further_names(self, names: list[_Word], taken: Sequence[tuple[int, int]]) -> list[_Word]:
        """With words that no detector took for names, and the documents hold as such.

        A common word written small is one only beside another, "will holloway", or where they hold nothing else by it.
        """
        free = [word for word in self._words if not any(word.start < end and word.end > at for at, end in taken)]
        known = [word for word in free if word.as_name and word not in names]
        sure = [*names, *(word for word in known if not (word.is_in_clear or self._is_common(word)))]
        borders = {at for word in sure for at in (word.start, word.end)}
        beside = [word for word in known if word.start - 1 in borders or word.end + 1 in borders]
        return [*sure, *(word for word in beside if word not in sure)]

    def _inside(self, span: Span) -> list[_Word]:
        return [word for word in self._words if word.start < span.end and word.end > span.start]

    def _is_common(self, word: _Word) -> bool:
        known = word.form.casefold() in word_list("also_names")
        is_written_so = word.form.islower() or word is self._words[0]
        return len(word.form) < _SHORTEST or (known and is_written_so and word.in_clear > 0)

    def _word(self, found: "re.Match[str]") -> _Word:
        """An ending goes with its word: the stand-in is the same for both forms."""
        forms = _forms(found[0])
        form = next((form for form in forms if self._as_name[PiiClass.PERSON, form]), forms[0])
        return _Word(*found.span(), form, self._as_name[PiiClass.PERSON, form], self._in_clear[form])


def _forms(word: str) -> list[str]:
    """The word, and the one it may be the genitive of."""
    return list(dict.fromkeys([word, _ENDING.sub("", word)]))


def _taken(text: str, places: Sequence[_Place], spared: Sequence[str]) -> list[tuple[int, int]]:
    """What was decided already: what is replaced whole, and what the owner spares."""
    listed = [found.span() for words in spared for found in phrase(words).finditer(text)]
    return [*((place.start, place.end) for place in places), *listed]
