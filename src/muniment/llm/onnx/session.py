"""An opened ONNX model and its tokenizer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from muniment.llm.embedding import padded
from muniment.llm.errors import ModelFileError
from muniment.llm.onnx.folder import ModelFolder

Floats = npt.NDArray[np.float32]
Row = tuple[list[int], list[int]]
"""Token ids of a text, or of two, and to which of them each belongs."""


def session_options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # The arena keeps the largest batch ever seen (939 MB against 306 MB measured); spinning threads burn the
    # cores that answer other people's questions.
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.log_severity_level = 4  # its warnings may name files
    return options


class OnnxModel:
    """Safe to share between threads."""

    def __init__(self, folder: ModelFolder, *, threads: int) -> None:
        """Loads model and tokenizer. Raises ModelFileError."""
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder.path / "model.onnx"), session_options(threads), providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder.path / "tokenizer.json"))
        except Exception:  # noqa: BLE001 - both libraries raise classes of their own making for a file they cannot read
            raise ModelFileError(
                f"The model or the tokenizer in the folder of {folder.setting} cannot be loaded: it is damaged, or of "
                "a kind that onnxruntime or tokenizers does not know."
            ) from None
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(folder.card.max_tokens)
        self._counter = Tokenizer.from_str(self._tokenizer.to_str())
        self._counter.no_truncation()
        self._inputs = {one.name for one in self._session.get_inputs()}
        if not {"input_ids", "attention_mask"} <= self._inputs <= {"input_ids", "attention_mask", "token_type_ids"}:
            raise ModelFileError(
                f"The model in the folder of {folder.setting} does not take input_ids and attention_mask as it should."
            )

    def encode(self, texts: Sequence[Any]) -> list[Row]:
        """Texts, or pairs of texts, as tokens with the model's own marks, cut to what it reads."""
        return [(encoding.ids, encoding.type_ids) for encoding in self._tokenizer.encode_batch(list(texts))]

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(encoding) for encoding in self._counter.encode_batch_fast(list(texts))]

    def run(self, rows: Sequence[Row]) -> tuple[Floats, npt.NDArray[np.int64]]:
        """The model's first output for these rows, and the mask that is 1 where a token stands."""
        ids, mask = padded([tokens for tokens, _ in rows], pad=0)
        kinds, _ = padded([types for _, types in rows], pad=0)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
        output = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        return np.asarray(output, dtype=np.float32), mask
