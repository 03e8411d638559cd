"""The reviewed model written anew for speed: the same network, multiplied in bytes.

As it comes, the model multiplies float32 numbers, and no processor does that quicker. Here each matrix is bytes with
one scale for each column, and onnxruntime makes bytes of what goes in; attention is one operator. That takes a third
less processor time, and far less where the processor multiplies bytes by itself (VNNI). What it finds is as good: see
docs/decisions/0013-finding-personal-data.md. Format: onnx.proto in protocol buffers' wire format.
"""

import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from muniment.core.protobuf import field, number_field, varint_bytes
from muniment.pii.rampart.weights import Numbers, Weights

LAYERS, HEADS, EPSILON = 6, 12, 1e-12
LARGEST = 63
"""Two products of a byte with this fit in 16 bits: on processors with and without VNNI the numbers are the same."""
_MICROSOFT = "com.microsoft"
_TYPES = {"float32": 1, "uint8": 2, "int8": 3, "int64": 7}
_FLOAT, _INTEGER = 1, 2


def in_bytes(model: bytes, *, labels: int) -> bytes:
    """The model's file with the same weights, that takes `input_ids` int64[texts, tokens] alone and gives logits."""
    return _Graph(Weights(model)).written(labels)


class _Graph:
    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._nodes: list[bytes] = []
        self._tensors: list[bytes] = []

    def written(self, labels: int) -> bytes:
        hidden = self._embedded()
        for layer in range(LAYERS):
            hidden = self._layer(hidden, layer)
        logits = self._multiplied(hidden, "classifier")
        self._node("Add", logits, self._vector("classifier.bias"), output="logits")
        graph = b"".join(field(1, node) for node in self._nodes) + field(2, b"rampart")
        graph += b"".join(field(5, tensor) for tensor in self._tensors)
        graph += field(11, _described("input_ids", "int64", "texts", "tokens"))
        graph += field(12, _described("logits", "float32", "texts", "tokens", labels))
        operators = field(8, field(1, b"") + number_field(2, 18)) + field(
            8, field(1, _MICROSOFT.encode()) + number_field(2, 1)
        )
        return number_field(1, 8) + field(7, graph) + operators

    def _embedded(self) -> str:
        """Words, places and the kind of a text, which is always the first."""
        table, scale, zero = self._weights.table("bert.embeddings.word_embeddings.weight")
        parts = (
            self._tensor("words", table),
            self._tensor("words.scale", np.array(scale, np.float32)),
            self._tensor("words.zero", np.array(zero, np.uint8)),
        )
        words = self._node("DequantizeLinear", self._node("Gather", parts[0], "input_ids"), *parts[1:])
        places = self._table("position_embeddings") + self._table("token_type_embeddings")[0]
        length = self._node("Shape", "input_ids", start=1)
        zeros = self._tensor("zero", np.zeros(1, np.int64))
        near = self._node("Slice", self._tensor("places", places), zeros, length, zeros)
        added = self._node("Add", words, near)
        return self._node("LayerNormalization", added, *self._norm("bert.embeddings.LayerNorm"), epsilon=EPSILON)

    def _layer(self, hidden: str, number: int) -> str:
        path, name = f"bert/encoder/layer.{number}", f"bert.encoder.layer.{number}"
        kinds = ("query", "key", "value")
        # One product for the three: what goes in is made bytes once, and the columns stay as they are.
        joined = self._multiplied(hidden, *(f"{path}/attention/self/{kind}" for kind in kinds))
        asked = self._split(joined, len(kinds))
        bias = np.concatenate([self._weights.vector(f"{name}.attention.self.{kind}.bias") for kind in kinds])
        seen = self._own("MultiHeadAttention", *asked, self._tensor(f"{name}.bias", bias), num_heads=HEADS)
        seen = self._added(self._multiplied(seen, f"{path}/attention/output/dense"), hidden, f"{name}.attention.output")
        thought = self._multiplied(seen, f"{path}/intermediate/dense")
        thought = self._own("BiasGelu", thought, self._vector(f"{name}.intermediate.dense.bias"))
        return self._added(self._multiplied(thought, f"{path}/output/dense"), seen, f"{name}.output")

    def _added(self, new: str, old: str, name: str) -> str:
        norm, bias = self._norm(f"{name}.LayerNorm"), self._vector(f"{name}.dense.bias")
        return self._own("SkipLayerNormalization", new, old, *norm, bias, epsilon=EPSILON)

    def _multiplied(self, hidden: str, *paths: str) -> str:
        """By one matrix, or by several beside each other."""
        path = paths[0]
        matrix = np.concatenate([self._weights.matrix(one) for one in paths], axis=1)
        scales = np.abs(matrix).max(axis=0) / np.float32(LARGEST)
        numbers = np.rint(matrix / scales).astype(np.int8)
        inputs = self._tensor(path, numbers), self._tensor(f"{path}.scales", scales)
        return self._own("DynamicQuantizeMatMul", hidden, *inputs)

    def _split(self, joined: str, count: int) -> list[str]:
        """The same columns, as so many tensors of equal width."""
        parts = [f"{joined}.{part}" for part in range(count)]
        self._put("Split", [joined], parts, axis=2, num_outputs=count)
        return parts

    def _norm(self, name: str) -> tuple[str, str]:
        return self._vector(f"{name}.weight"), self._vector(f"{name}.bias")

    def _table(self, name: str) -> Numbers:
        table, scale, zero = self._weights.table(f"bert.embeddings.{name}.weight")
        return (table.astype(np.float32) - zero) * np.float32(scale)

    def _vector(self, name: str) -> str:
        return self._tensor(name, self._weights.vector(name))

    def _tensor(self, name: str, numbers: npt.NDArray[np.generic]) -> str:
        shape = b"".join(number_field(1, size) for size in numbers.shape)
        kind = number_field(2, _TYPES[numbers.dtype.name])
        self._tensors.append(shape + kind + field(8, name.encode()) + field(9, numbers.tobytes()))
        return name

    def _own(self, operator: str, *inputs: str, **settings: float) -> str:
        return self._node(operator, *inputs, output="", domain=_MICROSOFT, **settings)

    def _node(self, operator: str, *inputs: str, output: str = "", domain: str = "", **settings: float) -> str:
        """One more operator, and the name of what it gives."""
        output = output or f"{operator}.{len(self._nodes)}"
        self._put(operator, inputs, [output], domain, **settings)
        return output

    def _put(
        self, operator: str, inputs: Sequence[str], outputs: Sequence[str], domain: str = "", **settings: float
    ) -> None:
        node = b"".join(field(1, name.encode()) for name in inputs) + b"".join(
            field(2, one.encode()) for one in outputs
        )
        node += field(4, operator.encode()) + b"".join(field(5, _setting(*one)) for one in settings.items())
        self._nodes.append(node + field(7, domain.encode()))


def _setting(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return field(1, name.encode()) + number_field(3, value) + number_field(20, _INTEGER)
    fixed = varint_bytes(2 << 3 | 5) + struct.pack("<f", value)
    return field(1, name.encode()) + fixed + number_field(20, _FLOAT)


def _described(name: str, kind: str, *shape: str | int) -> bytes:
    sizes = (field(2, size.encode()) if isinstance(size, str) else number_field(1, size) for size in shape)
    dimensions = b"".join(field(1, size) for size in sizes)
    return field(1, name.encode()) + field(2, field(1, number_field(1, _TYPES[kind]) + field(2, dimensions)))
