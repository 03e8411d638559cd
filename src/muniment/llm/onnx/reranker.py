"""A cross-encoder of the operator's own: question and passage read together, one number for how well they fit."""

from collections.abc import Sequence

import numpy as np

from muniment.llm.embedding import batches_by_length
from muniment.llm.errors import ModelUnavailableError
from muniment.llm.onnx.folder import ModelFolder
from muniment.llm.onnx.session import OnnxModel

BATCH_TEXTS = 8
BATCH_TOKENS = 2048


class OnnxReranker:
    """Implements `llm.types.Reranker`."""

    def __init__(self, folder: ModelFolder, *, threads: int) -> None:
        """Raises ModelFileError."""
        self.name = folder.name
        self._model = OnnxModel(folder, threads=threads)

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        rows = self._model.encode([(question, passage) for passage in passages])
        found = np.zeros(len(rows), dtype=np.float64)
        lengths = [len(tokens) for tokens, _ in rows]
        for positions in batches_by_length(lengths, texts=BATCH_TEXTS, tokens=BATCH_TOKENS):
            try:
                output, _ = self._model.run([rows[position] for position in positions])
            except Exception:  # noqa: BLE001 - onnxruntime's classes are its own; what they say may hold the question
                raise ModelUnavailableError("The reranker failed over these passages.") from None
            if output.shape not in {(len(positions), 1), (len(positions),)} or not np.isfinite(output).all():
                raise ModelUnavailableError("The reranker gave something else than one number for each passage.")
            found[positions] = output.reshape(-1)
        return found.tolist()
