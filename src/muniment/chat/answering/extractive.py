"""Answers by quoting: the sentences of the passages that support the question best, or an honest refusal.

Support of a sentence = half the cosine of question and sentence vectors, half the share of the question's weight that
the sentence and the headings above it hold; a term weighs by its rarity among the candidates (Robertson's idf), and a
term that no candidate holds weighs most: what the documents do not speak of cannot be supported by them.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import log1p

import numpy as np

from muniment.chat.types import AnswerRequest, Citation, Refusal, Sentence, Vectors
from muniment.ingest.sentences import sentences
from muniment.retrieval.analysis import analyse
from muniment.retrieval.languages import uses_vectors
from muniment.silo.chunks import StoredChunk

CHUNKS = 8  # looked at closely: the best, so that new sentences cost little time
THRESHOLD = 0.50  # support below which nothing is said
CLOSE = 0.85  # a further sentence must be supported almost as well as the best one
ALIKE = 0.92  # cosine from which a sentence only repeats another


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    chunk: StoredChunk
    rank: int
    start: int
    end: int
    terms: frozenset[str]
    around: frozenset[str]  # of the headings above
    vector: Vectors

    @property
    def text(self) -> str:
        return self.chunk.text[self.start : self.end]


class ExtractiveAnswerer:
    """Implements `chat.types.Answerer`."""

    def answer(self, request: AnswerRequest) -> Iterator[Sentence | Refusal]:
        candidates = _candidates(request)
        support = _support(request, candidates)
        chosen = _chosen(candidates, support, request.limit)
        if not chosen:
            yield Refusal(nearest=request.passages[:3])
            return
        last: _Candidate | None = None
        for candidate in sorted(chosen, key=lambda one: (_first_rank(chosen, one), one.chunk.start + one.start)):
            yield Sentence(candidate.text, (_citation(candidate),), paragraph=_starts_paragraph(last, candidate))
            last = candidate


def _candidates(request: AnswerRequest) -> list[_Candidate]:
    chunks = [part for passage in request.passages for part in passage.parts][:CHUNKS]
    found: list[_Candidate] = []
    for rank, (chunk, vectors) in enumerate(zip(chunks, request.sentence_vectors(chunks), strict=True)):
        language = chunk.language or ""
        around = frozenset(analyse("\n".join((*chunk.headings, chunk.context)), language=language))
        for (start, end), vector in zip(sentences(chunk.text), vectors, strict=True):
            terms = frozenset(analyse(chunk.text[start:end], language=language))
            if terms - around:  # a heading standing alone says nothing
                found.append(_Candidate(chunk, rank, start, end, terms, around, vector))
    return found


def _support(request: AnswerRequest, candidates: list[_Candidate]) -> list[float]:
    by_language = {one.chunk.language or "" for one in candidates}
    asked = {language: set(analyse(request.question.searched_for, language=language)) for language in by_language}
    counts = Counter(term for one in candidates for term in one.terms | one.around)
    total = len(candidates)

    def weight(term: str) -> float:
        return log1p((total - counts[term] + 0.5) / (counts[term] + 0.5))

    support = []
    for one in candidates:
        terms = asked[one.chunk.language or ""]
        whole = sum(weight(term) for term in terms)
        held = sum(weight(term) for term in terms & (one.terms | one.around))
        overlap = held / whole if whole else 0.0
        near = float(one.vector @ request.vector) if uses_vectors(one.chunk.language) else overlap
        support.append((near + overlap) / 2)
    return support


def _chosen(candidates: list[_Candidate], support: list[float], limit: int) -> list[_Candidate]:
    order = sorted(range(len(candidates)), key=lambda at: (-support[at], at))
    if not order or support[order[0]] < THRESHOLD:
        return []
    floor = max(THRESHOLD, CLOSE * support[order[0]])
    chosen: list[_Candidate] = []
    for at in order:
        if len(chosen) == limit or support[at] < floor:
            break
        if all(float(np.dot(candidates[at].vector, other.vector)) < ALIKE for other in chosen):
            chosen.append(candidates[at])
    return chosen


def _first_rank(chosen: list[_Candidate], one: _Candidate) -> int:
    """Sentences of one document stand together, at the place of its best passage."""
    return min(other.rank for other in chosen if other.chunk.document == one.chunk.document)


def _starts_paragraph(last: _Candidate | None, one: _Candidate) -> bool:
    return last is not None and (last.chunk.document, last.chunk.headings) != (one.chunk.document, one.chunk.headings)


def _citation(one: _Candidate) -> Citation:
    return Citation(
        document=one.chunk.document,
        chunk=one.chunk.number,
        page=one.chunk.page,
        start=one.chunk.start + one.start,
        end=one.chunk.start + one.end,
        quote=one.text,
    )
