"""Where the vectors are used: only in languages in which they were measured not to make answers worse.

The embedding model read English. In another language its vectors can bring in chunks that merely look alike, and a
bad ranking pulls down a good one it is fused with (0.69 to 0.46 nDCG@10 for a weak model in our measurements). So a
language is on bm25 alone until a test says otherwise: docs/decisions/0006-embedding-and-search.md.
"""

from muniment.llm.types import PACKAGED_EMBEDDER

BY_VECTORS = frozenset({"en"})
"""ISO 639-1 codes of the languages in which the packaged model with words found at least what words alone did."""


def uses_vectors(language: str | None, model: str) -> bool:
    """Whether chunks of this language are searched by the vectors of this model.

    None, a text too short to tell its language, is: alone on unstemmed words a note of one line is hardly found. A
    model that an operator put in the packaged one's place was chosen for the languages of the documents.
    """
    return model != PACKAGED_EMBEDDER or language is None or language in BY_VECTORS
