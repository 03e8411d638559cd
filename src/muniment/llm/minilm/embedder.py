"""The embedder that comes with the installation."""

from collections.abc import Sequence

import numpy as np
import onnxruntime

from muniment.core.process import give_memory_back
from muniment.llm.embedding import batches_by_length, mean_pooled, padded
from muniment.llm.minilm.graph import without_nan_guards
from muniment.llm.minilm.tokenizer import WordPiece
from muniment.llm.minilm.weights import weights
from muniment.llm.onnx.session import session_options
from muniment.llm.types import PACKAGED_EMBEDDER, Vectors

# Measured with two threads: eight sentences at once take 0.75 of the time of one by one; whole chunks are fastest
# alone, and two of 256 tokens at once already cost more memory and more time.
BATCH_TEXTS = 8
BATCH_TOKENS = 384


class MiniLM:
    """all-MiniLM-L6-v2, int8 weights: 384 dimensions, 256 tokens, English. Implements `llm.types.Embedder`."""

    name = PACKAGED_EMBEDDER
    dimension = 384
    max_tokens = 256

    def __init__(self, *, threads: int) -> None:
        """Load model and vocabulary (about a second). Raises ModelFileError."""
        self._session = onnxruntime.InferenceSession(
            without_nan_guards(weights()), session_options(threads), providers=["CPUExecutionProvider"]
        )
        self._tokenizer = WordPiece()
        give_memory_back()

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        rows = self._tokenizer.encode(texts, limit=self.max_tokens)
        for positions in batches_by_length([len(row) for row in rows], texts=BATCH_TEXTS, tokens=BATCH_TOKENS):
            vectors[positions] = self._run([rows[position] for position in positions])
        return vectors

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        return self.embed(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._tokenizer.count(texts)

    def _run(self, rows: list[list[int]]) -> Vectors:
        ids, mask = padded(rows, pad=self._tokenizer.pad)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (states,) = self._session.run(["last_hidden_state"], inputs)
        return mean_pooled(states, mask)
