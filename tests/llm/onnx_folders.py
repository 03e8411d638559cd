"""Folders with small ONNX models, made here: an embedder of words, and a cross-encoder that counts shared words.

Written in protocol buffers' wire format by the field numbers of onnx.proto, as `llm.minilm.graph` reads them.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from muniment.core.protobuf import field, varint_bytes

WORDS = (
    *("ferns", "herbarium", "monday", "tuesday", "open", "garden", "roof", "the", "is", "where", "are", "when", "of"),
    *map(str, range(400)),
)
_INT64, _FLOAT = 7, 1


def embedder_folder(path: Path, *, name: str = "small", seed: int = 1, dimension: int = 32, **card: Any) -> Path:
    """Each word has a random vector of its own; a text's is their mean."""
    path.mkdir()
    table = np.random.default_rng(seed).standard_normal((len(WORDS) + 4, dimension)).astype(np.float32)
    table[:4] *= 0.01
    nodes = [_node("Gather", ["table", "input_ids"], ["states"]), _node("Identity", ["attention_mask"], ["unused"])]
    inputs = [_value(one, _INT64, ["n", "t"]) for one in ("input_ids", "attention_mask")]
    graph = _graph(nodes, {"table": table}, inputs, [_value("states", _FLOAT, ["n", "t", dimension])])
    return _folder(path, graph, {"name": name, **card})


def _folder(path: Path, graph: bytes, card: Mapping[str, Any]) -> Path:
    (path / "model.onnx").write_bytes(graph)
    (path / "tokenizer.json").write_text(_tokenizer().to_str())
    (path / "muniment.json").write_text(json.dumps(card))
    return path


def _tokenizer() -> Tokenizer:
    vocabulary = {word: number for number, word in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS))}
    tokenizer = Tokenizer(models.WordLevel(vocab=vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def _number(field: int, value: int) -> bytes:
    return varint_bytes(field << 3) + varint_bytes(value)


def _node(operator: str, inputs: Sequence[str], outputs: Sequence[str], **numbers: int | list[int]) -> bytes:
    body = b"".join(field(1, one.encode()) for one in inputs) + b"".join(field(2, one.encode()) for one in outputs)
    return body + field(4, operator.encode()) + b"".join(field(5, _attribute(*one)) for one in numbers.items())


def _attribute(name: str, value: int | list[int]) -> bytes:
    if isinstance(value, int):
        return field(1, name.encode()) + _number(3, value) + _number(20, 2)
    return field(1, name.encode()) + b"".join(_number(8, one) for one in value) + _number(20, 7)


def _tensor(name: str, values: npt.NDArray[Any]) -> bytes:
    kind = _FLOAT if values.dtype == np.float32 else _INT64
    body = b"".join(_number(1, size) for size in values.shape) + _number(2, kind)
    return body + field(8, name.encode()) + field(9, values.tobytes())


def _value(name: str, kind: int, shape: Sequence[str | int]) -> bytes:
    sizes = [field(2, one.encode()) if isinstance(one, str) else _number(1, one) for one in shape]
    dimensions = b"".join(field(1, size) for size in sizes)
    return field(1, name.encode()) + field(2, field(1, _number(1, kind) + field(2, dimensions)))


def _graph(
    nodes: Sequence[bytes], tensors: Mapping[str, npt.NDArray[Any]], inputs: Sequence[bytes], outputs: Sequence[bytes]
) -> bytes:
    body = b"".join(field(1, node) for node in nodes) + field(2, b"graph")
    body += b"".join(field(5, _tensor(*one)) for one in tensors.items())
    body += b"".join(field(11, one) for one in inputs) + b"".join(field(12, one) for one in outputs)
    return _number(1, 8) + field(7, body) + field(8, _number(2, 17))


def reranker_folder(path: Path, *, backwards: bool = False, **card: Any) -> Path:
    """A cross-encoder whose score is how often words in the passage are "ferns", less what is said of "the roof"."""
    path.mkdir()
    worth = np.zeros((len(WORDS) + 4, 1), np.float32)
    worth[4 + WORDS.index("ferns")], worth[4 + WORDS.index("roof")] = 1, -1
    nodes = [
        _node("Gather", ["worth", "input_ids"], ["each"]),
        _node("ReduceSum", ["each", "axes"], ["scores"], keepdims=0),
        _node("Identity", ["attention_mask"], ["unused"]),
    ]
    inputs = [_value(one, _INT64, ["n", "t"]) for one in ("input_ids", "attention_mask")]
    tensors = {"worth": -worth if backwards else worth, "axes": np.array([1], np.int64)}
    graph = _graph(nodes, tensors, inputs, [_value("scores", _FLOAT, ["n", 1])])
    return _folder(path, graph, {"name": "counter", **card})
