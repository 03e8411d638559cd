"""How well a sentence supports a question, from 0 to about 1. Fitted on data: docs/decisions/0007-refusal.md.

A sum of what seven plain measures say, each between 0 and 1:

* how near the sentence is to the question, and how near its chunk is (cosine of the embedding model);
* how much of the question the sentence holds, with and without the headings and the introduction above it;
* how much of the question the headings above it hold, and the same again for the first sentence below them;
* where the question asks what something is: how much of the question the sentence begins with.

How much: the share of the question's weight that these terms carry, where a term weighs by its rarity in the whole silo
(Robertson's idf). A term no document holds weighs most: what they do not speak of cannot be supported by them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from muniment.chat.answering.candidates import Candidate
from muniment.chat.answering.definitions import ASKS_WHAT_SOMETHING_IS
from muniment.chat.types import TermWeights
from muniment.retrieval.analysis import analyse, query_terms
from muniment.retrieval.languages import uses_vectors
from muniment.retrieval.types import Query

WEIGHTS = (0.30, 0.15, 0.25, 0.15, 0.05, 0.15, 0.25)
"""Of the measures in the order above, where the language has vectors."""
WEIGHTS_BY_WORDS = (0.0, 0.0, 0.45, 0.30, 0.10, 0.15, 0.25)
"""Where it has none."""
MOSTLY = 0.8
"""The share of the question from which a sentence counts as beginning with what is asked."""
BEGINS = 0.2
"""What a sentence counts that begins with what is asked, and says something else of it than what it is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One part of a question under the rules of one language: its terms by weight."""

    weights: Mapping[str, float]
    total: float

    @classmethod
    def of(cls, part: Query, language: str, weights: TermWeights) -> "Asked":
        known = weights.get(language, {})
        terms = query_terms(part.text, languages=[language])[language]
        own = {term: known.get(term, 1.0) for term in sorted(terms)}
        return cls(own, sum(own.values()))

    def share(self, held: frozenset[str]) -> float:
        if not self.total:
            return 0.0
        return sum(weight for term, weight in self.weights.items() if term in held) / self.total


def measures(one: Candidate, part: Query, asked: Asked) -> tuple[float, ...]:
    by_vectors = uses_vectors(one.language or None, part.model)
    chunk = one.span.chunk
    around = chunk.vector if chunk.model == part.model else one.vector  # embedded anew meanwhile, by another model
    return (
        float(one.vector @ part.vector) if by_vectors else 0.0,
        float(around @ part.vector) if by_vectors else 0.0,
        asked.share(one.terms | one.around),
        asked.share(one.terms),
        asked.share(one.headings),
        asked.share(one.headings) if one.opens else 0.0,
        _defines(one, part, asked),
    )


def support(one: Candidate, part: Query, asked: Asked) -> float:
    weights = WEIGHTS if uses_vectors(one.language or None, part.model) else WEIGHTS_BY_WORDS
    return float(np.dot(weights, measures(one, part, asked)))


def _defines(one: Candidate, part: Query, asked: Asked) -> float:
    if not ASKS_WHAT_SOMETHING_IS.match(part.text):
        return 0.0
    share = asked.share(frozenset(one.words[: len(asked.weights) + 1]))
    if share < MOSTLY:
        return 0.0
    return share if is_definition(one, part, asked) else BEGINS * share


def is_definition(one: Candidate, part: Query, asked: Asked) -> bool:
    """Whether the sentence says of just what is asked what it means: "'personal data' means any information"."""
    if not ASKS_WHAT_SOMETHING_IS.match(part.text):
        return False
    found = _DEFINITION.match(one.span.text)
    named = set(analyse(found["named"], language=one.language)) if found else set()
    return bool(named) and named <= set(asked.weights) and asked.share(frozenset(named)) >= MOSTLY


_DEFINITION = re.compile(
    r"""\W*(?:\w{1,3}[.)]\W*)?(?:(?:the|an?|der|die|das|ein|eine)\s+)?(?P<named>[^.;:]{1,80}?)["'\u2018\u2019\u201c\u201d\u00bb\u00ab]*\s+"""
    r"(?:means?|(?:is|are)\s+(?:an?|the|any|all|every)\b|refers?\s+to|denotes?|bezeichnet|bedeutet|"
    r"(?:ist|sind)\s+(?:ein|eine|der|die|das|alle|jede[rs]?)\b)",
    re.IGNORECASE,
)
"""What is defined, at the beginning of a sentence that defines it."""
