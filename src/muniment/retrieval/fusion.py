"""One ranking out of several: reciprocal rank fusion (Cormack, Clarke and Buettcher 2009).

Their scores cannot be compared, their ranks can.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from muniment.retrieval.types import Hit

K = 60
"""The constant of the paper: how little the first places stand out."""


def fuse(rankings: Sequence[Sequence[Hit]]) -> list[Hit]:
    """All hits of all rankings, each scored by the sum of 1 / (K + rank), best first; ties go by chunk number."""
    scores: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, hit in enumerate(ranking, start=1):
            scores[hit.chunk] += 1 / (K + rank)
    return ordered(scores)


def best_of(rankings: Sequence[Sequence[Hit]]) -> list[Hit]:
    """All hits, each by its best score in any ranking: what answers one part of a question answers enough."""
    scores: dict[int, float] = {}
    for hit in (hit for ranking in rankings for hit in ranking):
        scores[hit.chunk] = max(hit.score, scores.get(hit.chunk, 0.0))
    return ordered(scores)


def ordered(scores: Mapping[int, float]) -> list[Hit]:
    """Best first; ties go by chunk number."""
    return sorted((Hit(chunk, score) for chunk, score in scores.items()), key=lambda hit: (-hit.score, hit.chunk))
