"""The best hits in the order of a cross-encoder, where the operator has put one."""

import logging
from collections.abc import Mapping, Sequence

from muniment.core.errors import MunimentError
from muniment.llm.services import reranker
from muniment.llm.types import Sender
from muniment.retrieval.types import Hit
from muniment.silo.chunks import StoredChunk

DEPTH = 24
"""Chunks that are ordered anew: three times what an answer reads. Each costs a run of the model."""

_log = logging.getLogger(__name__)


def reranked(question: str, hits: Sequence[Hit], chunks: Mapping[int, StoredChunk], *, sender: Sender) -> list[Hit]:
    """The hits with the first of them, those whose chunks are here, in the reranker's order. Ties keep theirs.

    Scores stay those of the places: a reranker's own are on another scale than what stands behind. Without a reranker,
    or when it fails, the order that was.
    """
    first = [hit for hit in hits if hit.chunk in chunks]
    try:
        model = reranker(sender=sender)
        if model is None or not first:
            return list(hits)
        scores = model.scores(question, [chunks[hit.chunk].embedded for hit in first])
    except MunimentError as error:
        _log.warning("reranker: %s; passages stay in the fused order", type(error).__name__)
        return list(hits)
    order = sorted(range(len(first)), key=lambda place: -scores[place])
    placed = [Hit(first[place].chunk, hit.score) for place, hit in zip(order, first, strict=True)]
    return placed + [hit for hit in hits if hit.chunk not in chunks]
