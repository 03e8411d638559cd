"""Several rankings made one by reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): sum of 1 / (k + rank).

k = 60 as in the paper; it needs no scores that could be compared, and no training.
"""

from collections import defaultdict
from collections.abc import Sequence

from muniment.retrieval.types import Hit

K = 60


def fuse(rankings: Sequence[Sequence[Hit]], *, k: int = K) -> list[Hit]:
    """All chunks of the rankings, best first; equal sums go by chunk number."""
    scores: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, hit in enumerate(ranking, start=1):
            scores[hit.chunk] += 1 / (k + rank)
    return sorted((Hit(chunk, score) for chunk, score in scores.items()), key=lambda hit: (-hit.score, hit.chunk))
