"""The k best of many segments, the same whatever the cut into segments: equal scores go by chunk number."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from muniment.retrieval.types import Hit, Numbers

Scores = npt.NDArray[Any]


def best(parts: Iterable[tuple[Numbers, Scores]], k: int) -> list[Hit]:
    """The k highest (fewer where there are fewer) finite scores, best first. Minus infinity means: not found."""
    if k <= 0:
        return []
    numbers = np.zeros(0, dtype=np.uint32)
    scores: Scores = np.zeros(0)
    floor = -np.inf
    for part_numbers, part_scores in parts:
        # Only what can still be among the k; ties stay in, for the chunk numbers to settle.
        may_count = np.flatnonzero(part_scores > -np.inf if floor == -np.inf else part_scores >= floor)
        may_count = may_count[_among_the_best(part_scores[may_count], k)]
        numbers = np.concatenate([numbers, part_numbers[may_count]])
        scores = np.concatenate([scores, part_scores[may_count]])
        kept = _among_the_best(scores, k)
        numbers, scores = numbers[kept], scores[kept]
        floor = scores.min() if len(scores) >= k else floor
    order = np.lexsort((numbers, -scores))[:k]
    return [Hit(chunk, score) for chunk, score in zip(numbers[order].tolist(), scores[order].tolist(), strict=True)]


def _among_the_best(scores: Scores, k: int) -> npt.NDArray[Any]:
    """Positions of all scores that are no worse than the k-th best."""
    if len(scores) <= k:
        return np.arange(len(scores))
    return np.flatnonzero(scores >= np.partition(scores, -k)[-k])
