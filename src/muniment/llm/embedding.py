"""The arithmetic around an encoder: batches of similar length, mean pooling, unit length."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from muniment.llm.types import Vectors

Tokens = npt.NDArray[np.int64]


def batches_by_length(lengths: Sequence[int], *, texts: int, tokens: int) -> Iterator[list[int]]:
    """Positions in batches, shortest first so that little of a batch is padding.

    A batch holds at most `texts` positions and, padded, at most `tokens` tokens (one text alone may be longer).
    """
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) == texts or (len(batch) + 1) * lengths[position] > tokens):
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def padded(rows: Sequence[Sequence[int]], *, pad: int) -> tuple[Tokens, Tokens]:
    """Token ids int64[n, longest], filled up with `pad`, and the mask that is 1 where a token stands."""
    width = max(len(row) for row in rows)
    ids = np.full((len(rows), width), pad, dtype=np.int64)
    mask = np.zeros((len(rows), width), dtype=np.int64)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    return ids, mask


def mean_pooled(states: npt.NDArray[np.float32], mask: Tokens) -> Vectors:
    """Mean of the token states float32[n, tokens, d] under the mask, then unit length (Reimers and Gurevych 2019)."""
    weights = mask.astype(np.float32)[:, None, :]
    sums = np.matmul(weights, states)[:, 0, :] / weights.sum(axis=2)
    return unit_length(sums)


def unit_length(vectors: npt.NDArray[np.float32]) -> Vectors:
    """Rows of length 1; a row of zeros stays."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12), dtype=np.float32)
