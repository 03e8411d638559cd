"""Folders that name an endpoint, and the answers of embedding models and rerankers on loopback.

The embedder's vectors come from the words alone: texts that share words lie near each other.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.llm.fake_provider import Asked, Brain, FakeProvider, Reply, failure

DIMENSION = 24


def endpoint_folder(path: Path, provider: FakeProvider | str, **card: Any) -> Path:
    address = provider if isinstance(provider, str) else provider.base_url
    path.mkdir()
    given = {"name": "far", "address": address, "model": "e5", "dimension": DIMENSION, "patience": 300, **card}
    (path / "muniment.json").write_text(json.dumps(given))
    return path


def vector_of(text: str, dimension: int = DIMENSION) -> list[float]:
    found = np.full(dimension, 0.01)
    for word in re.findall(r"\w+", text.lower()):
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
        found += np.random.default_rng(seed).standard_normal(dimension)
    return [float(one) for one in found]


def vectors(rows: Sequence[Any]) -> Reply:
    return failure(
        "200 OK", {"object": "list", "data": [{"index": at, "embedding": row} for at, row in enumerate(rows)]}
    )


def embedding(dimension: int = DIMENSION) -> Brain:
    return lambda asked: vectors([vector_of(text, dimension) for text in asked.body["input"]])


def ranking(score: Callable[[str], float]) -> Brain:
    """As Cohere answers, the best first; or as Text Embeddings Inference does, where it was asked so."""

    def answer(asked: Asked) -> Reply:
        is_tei = "texts" in asked.body
        found = [(score(text), at) for at, text in enumerate(asked.body["texts" if is_tei else "documents"])]
        name = "score" if is_tei else "relevance_score"
        rows = [{"index": at, name: worth} for worth, at in sorted(found, reverse=True)]
        return failure("200 OK", rows if is_tei else {"results": rows})

    return answer
