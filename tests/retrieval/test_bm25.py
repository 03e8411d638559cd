"""BM25 gives the scores of its formula, whatever the cut into segments, and only what may be found."""

from collections import Counter
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.retrieval.bm25 import K1, B, Bm25
from muniment.retrieval.postings import PostingsSegment
from muniment.retrieval.types import Restriction

TERMS = st.lists(st.sampled_from("abcdefgh"), max_size=9)
CHUNKS = st.dictionaries(st.integers(0, 99), TERMS, max_size=20)
QUESTION = st.dictionaries(st.sampled_from("abcdefghx"), st.integers(1, 3), max_size=5)


def built(chunks: dict[int, list[str]]) -> PostingsSegment:
    return PostingsSegment.build(chunks.items(), language="en")


def by_the_formula(chunks: dict[int, list[str]], question: dict[str, int]) -> dict[int, float]:
    average = sum(map(len, chunks.values())) / max(1, len(chunks)) or 1
    scores: Counter[int] = Counter()
    for term, asked in question.items():
        holders = {number: terms.count(term) for number, terms in chunks.items() if term in terms}
        idf = log(1 + (len(chunks) - len(holders) + 0.5) / (len(holders) + 0.5))
        for number, tf in holders.items():
            scores[number] += asked * idf * tf / (tf + K1 * (1 - B + B * len(chunks[number]) / average))
    return scores


@given(CHUNKS, QUESTION, st.integers(0, 25))
def test_scores_are_those_of_the_formula(chunks: dict[int, list[str]], question: dict[str, int], k: int) -> None:
    expected = by_the_formula(chunks, question)
    hits = Bm25([built(chunks)]).search(question, k=k)
    assert len(hits) == min(k, len(expected))
    assert [hit.score for hit in hits] == pytest.approx(sorted(expected.values(), reverse=True)[:k], rel=1e-5)
    assert all(hit.score == pytest.approx(expected[hit.chunk], rel=1e-5) for hit in hits)


@given(CHUNKS, QUESTION, st.integers(0, 25), st.data())
def test_many_segments_answer_as_one(
    chunks: dict[int, list[str]], question: dict[str, int], k: int, data: st.DataObject
) -> None:
    parts: list[dict[int, list[str]]] = [{}, {}, {}, {}]
    for number, terms in chunks.items():
        parts[data.draw(st.integers(0, 3))][number] = terms
    assert Bm25([built(part) for part in parts]).search(question, k=k) == Bm25([built(chunks)]).search(question, k=k)


def test_equal_scores_go_by_chunk_number() -> None:
    index = Bm25([built({9: ["word"], 4: ["word"]}), built({7: ["word"], 2: ["word"]})])
    assert [hit.chunk for hit in index.search({"word": 1}, k=3)] == [2, 4, 7]


def test_a_restriction_decides_what_can_be_found() -> None:
    index = Bm25([built({number: ["word"] for number in range(10)})])
    allowed = Restriction(allowed=np.array([3, 5, 7, 50], dtype=np.uint32))
    both = Restriction(allowed=np.array([3, 5, 7], dtype=np.uint32), denied=np.array([5], dtype=np.uint32))
    assert [hit.chunk for hit in index.search({"word": 1}, k=20)] == list(range(10))
    assert [hit.chunk for hit in index.search({"word": 1}, k=20, restriction=allowed)] == [3, 5, 7]
    assert [hit.chunk for hit in index.search({"word": 1}, k=20, restriction=both)] == [3, 7]
    nothing = Restriction(allowed=np.array([], dtype=np.uint32))
    assert index.search({"word": 1}, k=20, restriction=nothing) == []


def test_nothing_in_nothing_out() -> None:
    assert Bm25([]).search({"word": 1}, k=5) == []
    assert Bm25([built({1: []})]).search({"word": 1}, k=5) == []
    assert Bm25([built({1: ["word"]})]).search({}, k=5) == []
