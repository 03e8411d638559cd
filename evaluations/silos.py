"""Large silos, filled without the embedding model: windows over abstracts, with made but repeatable vectors.

Without `bases` they are random. With `bases`, the vectors of the whole abstracts, a window's is its abstract's plus
noise of `NOISE` times its length: neighbours then lie as real ones do. Embedding 100,000 windows would take an hour.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from muniment.silo.sealed import Silo

WINDOW = 130  # words
BATCH = 4096
NOISE = 0.6

Vectors = npt.NDArray[np.float32]


def windows(texts: list[str], count: int) -> list[tuple[int, str]]:
    """(number of the text, window): every start of a window slides on by as much as gives `count` of them."""
    words = [text.split() for text in texts]
    total = sum(len(one) for one in words)
    step = max(1, total // count)
    found = [
        (number, " ".join(one[start : start + WINDOW]))
        for number, one in enumerate(words)
        for start in range(0, len(one), step)
    ]
    return found[:count]


def made(numbers: list[int], bases: Vectors | None, generator: np.random.Generator) -> Vectors:
    """float32[len(numbers), 384], rows of length 1, for windows of these texts."""
    vectors = generator.standard_normal((len(numbers), 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    if bases is not None:
        vectors = bases[numbers] + np.float32(NOISE) * vectors
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def fill(silo: "Silo", texts: list[str], *, chunks: int, bases: Vectors | None = None) -> list[str]:
    """Writes live documents of windows; returns their ids. `bases`: one vector of length 1 per text."""
    from muniment.core.clock import now
    from muniment.crypto.types import KeyKind
    from muniment.ingest.documents import Document, DocumentState
    from muniment.silo.chunks import StoredChunk, chunk_index
    from muniment.silo.types import Table

    cut = windows(texts, chunks)
    numbers = sorted({number for number, _ in cut})
    ids = dict(zip(numbers, silo.new_groups(KeyKind.DOCUMENT, len(numbers), also=[KeyKind.ORIGINAL]), strict=True))
    generator = np.random.default_rng(7)
    at = now().isoformat(timespec="seconds")
    with silo.writing() as writer:
        writer.put(
            Table.DOCUMENT,
            [
                Document(one, f"{n}.txt", 1500, f"{n}", at, "evaluation", DocumentState.LIVE).to_record()
                for n, one in ids.items()
            ],
        )
    for start in range(0, len(cut), BATCH):
        part = cut[start : start + BATCH]
        vectors = made([text for text, _ in part], bases, generator)
        with silo.writing() as writer:
            first = writer.take_numbers(len(part))
            stored = [
                StoredChunk(first + n, ids[text], 0, len(window), None, (), "", "en", "random", vectors[n], window)
                for n, (text, window) in enumerate(part)
            ]
            writer.put(Table.CHUNK, [one.to_record() for one in stored])
            chunk_index.get("chunks").add(writer, stored)
    more = True
    while more:
        with silo.writing() as writer:
            more = chunk_index.get("chunks").tidy(writer)
    return list(ids.values())
