"""One ranking out of several: reciprocal rank fusion (Cormack, Clarke and Buettcher 2009).

Their scores cannot be compared, their ranks can.
"""

from collections import defaultdict
from collections.abc import Sequence

from muniment.retrieval.types import Hit

K = 60
"""The constant of the paper: how little the first places stand out."""


def fuse(rankings: Sequence[Sequence[Hit]]) -> list[Hit]:
    """All hits of all rankings, each scored by the sum of 1 / (K + rank), best first; ties go by chunk number."""
    scores: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, hit in enumerate(ranking, start=1):
            scores[hit.chunk] += 1 / (K + rank)
    return sorted((Hit(chunk, score) for chunk, score in scores.items()), key=lambda hit: (-hit.score, hit.chunk))
