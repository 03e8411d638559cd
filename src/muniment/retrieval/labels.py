"""What the segments of a silo are called, and which of them are searched.

postings:en      words, by language
vectors          vectors of the packaged model
vectors:NAME     vectors of another one
staged:NAME      vectors of a model that the silo is not searched by, not yet or no longer
"""

from collections.abc import Iterable

from muniment.llm.types import PACKAGED_EMBEDDER
from muniment.silo.types import SegmentInfo

POSTINGS, STAGED = "postings:", "staged:"
_VECTORS = "vectors"


def vectors_label(model: str) -> str:
    return _VECTORS if model == PACKAGED_EMBEDDER else f"{_VECTORS}:{model}"


def staged_label(model: str) -> str:
    return f"{STAGED}{model}"


def is_vectors(label: str) -> bool:
    """Whether it holds vectors that are searched."""
    return label.partition(":")[0] == _VECTORS


def active_model(segments: Iterable[SegmentInfo]) -> str | None:
    """The model by whose vectors the silo is searched; None where there are none yet."""
    return next((_model(info.label) for info in segments if is_vectors(info.label)), None)


def models_of(segments: Iterable[SegmentInfo]) -> set[str]:
    """Every model with vectors there, searched or not."""
    return {_model(info.label) for info in segments if is_vectors(info.label) or info.label.startswith(STAGED)}


def _model(label: str) -> str:
    return label.partition(":")[2] or PACKAGED_EMBEDDER
