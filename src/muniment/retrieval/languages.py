"""For which languages the embedding model's vectors are searched: only where they do not lower a planted test."""

WITH_VECTORS = frozenset({"en"})
"""ISO 639-1. Others run on bm25 alone until a test shows that fused is no worse."""


def uses_vectors(language: str | None) -> bool:
    """Also for text too short to tell its language: most of it is read like English by the model."""
    return language is None or language in WITH_VECTORS
