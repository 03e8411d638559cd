"""An embedding model of the operator's own."""

from collections.abc import Sequence

import numpy as np

from muniment.llm.embedding import batches_by_length, mean_pooled, unit_length
from muniment.llm.errors import ModelFileError
from muniment.llm.onnx.folder import ModelFolder
from muniment.llm.onnx.session import OnnxModel, Row
from muniment.llm.types import Vectors

BATCH_TEXTS = 8
BATCH_TOKENS = 1024


class OnnxEmbedder:
    """Implements `llm.types.Embedder`."""

    def __init__(self, folder: ModelFolder, *, threads: int) -> None:
        """Loads it and embeds one word, which tells its dimension. Raises ModelFileError."""
        self.name = folder.name
        self._card = folder.card
        self.max_tokens = folder.card.max_tokens
        self._model = OnnxModel(folder, threads=threads)
        try:
            self.dimension = len(self._run(self._model.encode(["word"]))[0])
        except Exception:  # noqa: BLE001 - whatever onnxruntime raises for a graph that is no embedding model
            raise ModelFileError(f"The model in the folder of {folder.setting} gives no vectors of a text.") from None

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self._embedded([self._card.passage_prefix + text for text in texts])

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        return self._embedded([self._card.question_prefix + text for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._model.count([self._card.passage_prefix + text for text in texts])

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        rows = self._model.encode(texts)
        lengths = [len(tokens) for tokens, _ in rows]
        for positions in batches_by_length(lengths, texts=BATCH_TEXTS, tokens=BATCH_TOKENS):
            vectors[positions] = self._run([rows[position] for position in positions])
        return vectors

    def _run(self, rows: Sequence[Row]) -> Vectors:
        states, mask = self._model.run(rows)
        if states.ndim == 2:
            return unit_length(states)
        if self._card.pooling == "mean":
            return mean_pooled(states, mask)
        at = mask.sum(axis=1) - 1 if self._card.pooling == "last" else np.zeros(len(rows), dtype=np.int64)
        return unit_length(states[np.arange(len(rows)), at])
