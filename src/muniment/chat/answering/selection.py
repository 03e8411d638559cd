"""Which sentences answer: for each part of the question the best supported one, then what adds to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from muniment.chat.answering.candidates import Candidate
from muniment.chat.answering.support import Asked, is_definition, support
from muniment.chat.types import AnswerRequest
from muniment.retrieval.types import Query

THRESHOLD = 0.51  # support below which nothing is said: docs/decisions/0007-refusal.md
CLOSE = 0.85  # a further sentence must be supported almost as well as the best one
ADDS = 0.70  # less well will do where it speaks of something asked that no sentence yet speaks of
WORTH = 0.15  # the share of the question's weight from which that counts
ALIKE = 0.92  # cosine from which a sentence only repeats another


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    candidate: Candidate
    support: float


def choose(candidates: Sequence[Candidate], request: AnswerRequest) -> list[Chosen]:
    """Best first; empty where nothing is supported well enough: the documents do not hold the answer."""
    judged = [_Judged(candidates, part, request) for part in request.parts]
    chosen: list[Chosen] = []
    for one in judged:
        one.take_best(chosen)
    for one in judged:
        one.take_more(chosen, request.limit)
    return sorted(chosen[: request.limit], key=lambda one: -one.support)


class _Judged:
    """The candidates as one part of the question sees them."""

    def __init__(self, candidates: Sequence[Candidate], part: Query, request: AnswerRequest) -> None:
        languages = {one.language for one in candidates}
        self._part = part
        self._asked = {language: Asked.of(part, language, request.weights) for language in languages}
        found = [Chosen(one, support(one, part, self._asked[one.language])) for one in candidates]
        self._ranked = sorted((one for one in found if one.support >= THRESHOLD), key=lambda one: -one.support)

    def take_best(self, chosen: list[Chosen]) -> None:
        fresh = [one for one in self._ranked if not _repeats(one, chosen)]
        if self._ranked and fresh[:1] == self._ranked[:1]:
            chosen.append(self._ranked[0])

    def take_more(self, chosen: list[Chosen], limit: int) -> None:
        defined = bool(self._ranked) and self._defines(self._ranked[0])
        for one in self._ranked:
            if defined and not self._defines(one):
                continue  # whoever asks what something is was told; the rest only speaks of it
            if len(chosen) >= limit or one.support < ADDS * self._ranked[0].support:
                return
            if (self._is_close(one) or self._adds(one, chosen) >= WORTH) and not _repeats(one, chosen):
                chosen.append(one)

    def _is_close(self, one: Chosen) -> bool:
        """Supported almost as well as the best one, and not by speaking of less of what is asked."""
        best = self._ranked[0]
        return one.support >= CLOSE * best.support and self._held(one) >= self._held(best) - WORTH

    def _held(self, one: Chosen) -> float:
        """The share of the question that the sentence holds with what stands above it."""
        return self._asked[one.candidate.language].share(one.candidate.terms | one.candidate.around)

    def _defines(self, one: Chosen) -> bool:
        return is_definition(one.candidate, self._part, self._asked[one.candidate.language])

    def _adds(self, one: Chosen, chosen: Sequence[Chosen]) -> float:
        """The share of the question that this sentence holds and none of the chosen."""
        said = frozenset(term for other in chosen for term in other.candidate.terms | other.candidate.around)
        return self._asked[one.candidate.language].share(one.candidate.terms - said)


def _repeats(one: Chosen, chosen: Sequence[Chosen]) -> bool:
    vector = one.candidate.vector
    return any(
        one.candidate.span.key == other.candidate.span.key or float(np.dot(vector, other.candidate.vector)) >= ALIKE
        for other in chosen
    )
