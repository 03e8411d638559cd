"""The embedder that comes with the installation."""

from collections.abc import Sequence

import numpy as np
import onnxruntime

from muniment.core.process import give_memory_back
from muniment.llm.embedding import batches_by_length, mean_pooled, padded
from muniment.llm.minilm.graph import without_nan_guards
from muniment.llm.minilm.tokenizer import WordPiece
from muniment.llm.minilm.weights import weights
from muniment.llm.types import Vectors

# Measured with two threads: eight sentences at once take 0.75 of the time of one by one; whole chunks are fastest
# alone, and two of 256 tokens at once already cost more memory and more time.
BATCH_TEXTS = 8
BATCH_TOKENS = 384


class MiniLM:
    """all-MiniLM-L6-v2, int8 weights: 384 dimensions, 256 tokens, English. Implements `llm.types.Embedder`."""

    name = "all-MiniLM-L6-v2-int8"
    dimension = 384
    max_tokens = 256

    def __init__(self, *, threads: int) -> None:
        """Load model and vocabulary (about a second). Raises ModelFileError."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # The arena keeps the largest batch ever seen (939 MB against 306 MB measured); spinning threads burn the
        # cores that answer other people's questions.
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            without_nan_guards(weights()), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = WordPiece()
        give_memory_back()

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        rows = self._tokenizer.encode(texts, limit=self.max_tokens)
        for positions in batches_by_length([len(row) for row in rows], texts=BATCH_TEXTS, tokens=BATCH_TOKENS):
            vectors[positions] = self._run([rows[position] for position in positions])
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._tokenizer.count(texts)

    def _run(self, rows: list[list[int]]) -> Vectors:
        ids, mask = padded(rows, pad=self._tokenizer.pad)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (states,) = self._session.run(["last_hidden_state"], inputs)
        return mean_pooled(states, mask)
