"""A vector segment is canonical and its search exact but for the coding, whatever the cut into segments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.retrieval.types import SEGMENT_CHUNKS, Restriction
from muniment.retrieval.vectors import VectorSearch, VectorSegment, rescored

NUMBERS = st.lists(st.integers(0, 2**32 - 1), unique=True, max_size=40)
DIMENSION = 384


def vectors_of(numbers: list[int]) -> np.ndarray:
    """Unit vectors that depend on the number alone; every tenth number shares its neighbour's."""
    rows = [np.random.default_rng(number - (number % 10 == 1)).normal(size=DIMENSION) for number in numbers]
    return np.array([row / np.linalg.norm(row) for row in rows], dtype=np.float32).reshape(len(numbers), DIMENSION)


def built(numbers: list[int]) -> VectorSegment:
    return VectorSegment.build(numbers, vectors_of(numbers))


@given(NUMBERS, st.data())
def test_merged_equals_built_of_the_union(numbers: list[int], data: st.DataObject) -> None:
    parts: list[list[int]] = [[], [], []]
    for number in numbers:
        parts[data.draw(st.integers(0, 2))].append(number)
    assert VectorSegment.merged([built(part) for part in parts]).to_bytes() == built(numbers).to_bytes()


@given(NUMBERS, st.data())
def test_without_equals_built_of_the_rest(numbers: list[int], data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from(numbers) if numbers else st.nothing()))
    rest = [number for number in numbers if number not in gone]
    assert built(numbers).without(gone | {12345}).to_bytes() == built(rest).without({12345}).to_bytes()


@given(NUMBERS)
def test_bytes_come_back_as_they_went(numbers: list[int]) -> None:
    data = built(numbers).to_bytes()
    segment = VectorSegment.from_bytes(data)
    assert segment.to_bytes() == data
    assert segment.numbers.tolist() == sorted(numbers)
    found = segment.codes * segment.scales[:, None]
    if numbers:
        np.testing.assert_allclose(found, vectors_of(sorted(numbers)), atol=0.002)


@given(NUMBERS, st.integers(0, 50), st.data())
def test_many_segments_answer_as_one(numbers: list[int], k: int, data: st.DataObject) -> None:
    parts: list[list[int]] = [[], [], []]
    for number in numbers:
        parts[data.draw(st.integers(0, 2))].append(number)
    query = vectors_of([7])[0]
    one = VectorSearch([built(numbers)]).search(query, k=k)
    assert VectorSearch([VectorSegment.from_bytes(built(part).to_bytes()) for part in parts]).search(query, k=k) == one
    truth = dict(zip(numbers, (vectors_of(numbers) @ query).tolist(), strict=True))
    assert len(one) == min(k, len(numbers))
    assert all(hit.score == pytest.approx(truth[hit.chunk], abs=0.01) for hit in one)


def test_equal_vectors_go_by_chunk_number() -> None:
    search = VectorSearch([built([31, 20]), built([30, 21])])
    assert [hit.chunk for hit in search.search(vectors_of([30])[0], k=2)] == [30, 31]
    assert [hit.chunk for hit in search.search(vectors_of([30])[0], k=1)] == [30]


def test_rescoring_puts_near_neighbours_in_their_true_order() -> None:
    generator = np.random.default_rng(3)
    query = vectors_of([5])[0]
    near = (query + generator.normal(scale=0.015, size=(200, DIMENSION))).astype(np.float32)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    truth = np.argsort(-(near.astype(np.float64) @ query.astype(np.float64)))[:10].tolist()
    coarse = [hit.chunk for hit in VectorSearch([VectorSegment.build(range(200), near)]).search(query, k=50)]
    assert coarse[:10] != truth
    assert [hit.chunk for hit in rescored(query, {chunk: near[chunk] for chunk in coarse})][:10] == truth
    assert rescored(query, {}) == []


def test_a_restriction_decides_what_can_be_found() -> None:
    search = VectorSearch([built(list(range(0, 60, 3))), built(list(range(1, 60, 3)))])
    only = Restriction(allowed=np.array([3, 4, 5, 6], dtype=np.uint32), denied=np.array([4], dtype=np.uint32))
    assert len(search.search(vectors_of([0])[0], k=100)) == 40
    assert {hit.chunk for hit in search.search(vectors_of([0])[0], k=100, restriction=only)} == {3, 6}


def test_a_vector_of_zeros_is_stored_and_scores_zero() -> None:
    segment = VectorSegment.build([1], np.zeros((1, DIMENSION)))
    assert VectorSearch([segment]).search(vectors_of([0])[0], k=1)[0].score == 0


def test_what_cannot_be_a_segment_is_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        VectorSegment.build([1], np.full((1, DIMENSION), np.nan))
    with pytest.raises(ValueError, match="each chunk once"):
        VectorSegment.merged([built([1]), built([1, 2])])
    with pytest.raises(ValueError, match="16,384"):
        VectorSegment.build(range(SEGMENT_CHUNKS + 1), np.zeros((SEGMENT_CHUNKS + 1, 4)))
