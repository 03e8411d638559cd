"""Batches hold each position once, are small, and pad little."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from muniment.llm.embedding import batches_by_length, mean_pooled, padded


@given(st.lists(st.integers(1, 256), max_size=60), st.integers(1, 8), st.integers(1, 600))
def test_every_text_is_in_one_batch_within_the_limits(lengths: list[int], texts: int, tokens: int) -> None:
    batches = list(batches_by_length(lengths, texts=texts, tokens=tokens))
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) <= texts
        assert len(batch) == 1 or len(batch) * max(lengths[position] for position in batch) <= tokens


def test_padding_does_not_count_in_the_mean() -> None:
    _, mask = padded([[5, 6], [7]], pad=0)
    assert mask.tolist() == [[1, 1], [1, 0]]
    states = np.array([[[3.0, 0.0], [0.0, 4.0]], [[0.0, 2.0], [9.0, 9.0]]], dtype=np.float32)
    np.testing.assert_allclose(mean_pooled(states, mask), [[0.6, 0.8], [0, 1]], atol=1e-6)
