"""The embedder that comes with the installation: shapes, order, meaning, limits."""

import numpy as np
import pytest

from muniment.llm.minilm.embedder import MiniLM

LONG = "the supervisory authority shall inform the controller " * 60


@pytest.fixture(scope="module")
def embedder() -> MiniLM:
    return MiniLM(threads=1)


def test_it_gives_unit_vectors_in_the_order_of_the_texts(embedder: MiniLM) -> None:
    texts = ["A short text.", LONG, "", "Another text, of middling length, that stands between."]
    vectors = embedder.embed(texts)
    assert vectors.shape == (4, embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        np.testing.assert_allclose(embedder.embed([text])[0], vector, atol=1e-5)


def test_no_text_gives_no_vector(embedder: MiniLM) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)
    assert embedder.count_tokens([]) == []


def test_texts_of_like_meaning_lie_closer_than_others(embedder: MiniLM) -> None:
    cat, kitten, tax = embedder.embed(["A cat sat on the mat.", "A kitten rested on a rug.", "Taxes are due in April."])
    assert cat @ kitten > 0.5
    assert cat @ tax < 0.2


def test_it_reads_no_further_than_its_limit(embedder: MiniLM) -> None:
    assert embedder.count_tokens([LONG])[0] > embedder.max_tokens
    one, other, differing_early = embedder.embed([LONG + "cats", LONG + "stars and planets", "cats " + LONG])
    assert np.array_equal(one, other)
    assert not np.array_equal(one, differing_early)


def test_it_gives_the_vectors_of_the_published_model(embedder: MiniLM) -> None:
    """The first numbers that sentence-transformers prints for this sentence with the float32 weights."""
    vector = embedder.embed(["This is an example sentence"])[0]
    np.testing.assert_allclose(vector[:3], [0.0677, 0.0635, 0.0487], atol=0.01)
