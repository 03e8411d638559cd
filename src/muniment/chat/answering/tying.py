"""Which sentences of the passages hold what a model wrote: each sentence of its own is tied to their exact places."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from muniment.chat.answering.candidates import Span, spans_of
from muniment.chat.answering.support import Asked
from muniment.chat.answering.tables import rows
from muniment.chat.types import Citation
from muniment.retrieval.analysis import analyse
from muniment.retrieval.types import Passage

MOST = 3  # spans that one sentence may rest on together
BEGINS = 0.3  # the share of a sentence's weight that its first span must hold
ADDS = 0.2  # and each further one must add
UNNAMED = 0.9  # what a span counts of a passage that the model did not name


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    span: Span
    number: int
    language: str
    terms: frozenset[str]
    header: Span | None
    """of a row of a table: the row that names its columns"""


class Places:
    """The sentences of all passages of one question."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        found: dict[tuple[str, int], _Place] = {}
        for number, passage in enumerate(passages, 1):
            for place in _places(passage, number):
                found.setdefault(place.span.key, place)
        self._places = list(found.values())
        self._seen = Counter(term for place in self._places for term in place.terms)

    def of(self, text: str, named: frozenset[int]) -> tuple[Citation, ...]:
        """The spans that hold most of the sentence, in reading order; none where too little of it stands anywhere.

        How much: the share of the sentence's weight that its words carry, where a word weighs by its rarity among the
        passages, and most when it is in none of them. `named`: the passages the model named; they count first.
        """
        chosen: list[_Place] = []
        held: frozenset[str] = frozenset()
        for _ in range(MOST):
            best, share = self._best(text, named, held)
            if best is None or share < (ADDS if chosen else BEGINS):
                break
            chosen.append(best)
            held |= best.terms
        spans = {span.key: span for one in chosen for span in (one.header, one.span) if span}
        return tuple(citation(span) for _, span in sorted(spans.items()))

    def _best(self, text: str, named: frozenset[int], held: frozenset[str]) -> tuple[_Place | None, float]:
        best, most = None, 0.0
        asked = {language: self._asked(text, language) for language in {place.language for place in self._places}}
        for place in self._places:
            own = asked[place.language]
            share = own.share(place.terms | held) - own.share(held)
            share *= 1 if place.number in named or not named else UNNAMED
            if share > most:
                best, most = place, share
        return best, most

    def _asked(self, text: str, language: str) -> Asked:
        terms = sorted(set(analyse(text, language=language)))
        weights = {term: log(1 + (len(self._places) + 1) / (self._seen[term] + 0.5)) for term in terms}
        return Asked(weights, sum(weights.values()))


def citation(span: Span) -> Citation:
    page = span.chunk.page_at(span.start)
    return Citation(span.chunk.document, span.chunk.number, page, span.start, span.end, span.text)


def _places(passage: Passage, number: int) -> list[_Place]:
    found: list[_Place] = []
    for chunk in passage.parts:
        language = chunk.language or ""
        spans = spans_of(chunk)
        table = rows(chunk.text, [(span.start - chunk.start, span.end - chunk.start) for span in spans])
        for at, span in enumerate(spans):
            above = table[at].above if at in table else None
            header = spans[above] if above is not None and above != at else None
            words = f"{header.text}\n{span.text}" if header else span.text
            found.append(_Place(span, number, language, frozenset(analyse(words, language=language)), header))
    return found
