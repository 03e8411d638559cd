"""One ranking out of two: the weighted sum of their scores, each brought to 0..1 (Bruch, Gai and Ingber 2023).

Reciprocal ranks need no scores and were measured lower on SciFact: docs/decisions/0006-embedding-and-search.md.
"""

from collections.abc import Mapping, Sequence

from muniment.retrieval.types import Hit

WORDS = 0.45
"""The weight of the ranking by words; the other one's is the rest. Chosen on the odd claims of SciFact."""


def fuse(words: Sequence[Hit], near: Sequence[Hit], *, depth: int) -> list[Hit]:
    """All hits of both, best first, scored from 0 to 1. Each ranking holds at most `depth` hits, best first."""
    scores: dict[int, float] = {}
    # Fewer words than asked for: the chunks not listed hold none of them and score nothing.
    for weight, hits, floor in ((WORDS, words, 0.0 if len(words) < depth else None), (1 - WORDS, near, None)):
        for chunk, score in _normalised(hits, floor):
            scores[chunk] = scores.get(chunk, 0.0) + weight * score
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


def _normalised(hits: Sequence[Hit], floor: float | None) -> list[Hit]:
    """The best becomes 1, `floor` or else the last one 0; where all are equal, all become 1."""
    if not hits:
        return []
    low = hits[-1].score if floor is None else floor
    span = hits[0].score - low
    return [Hit(hit.chunk, (hit.score - low) / span if span > 0 else 1.0) for hit in hits]
