"""The numbers of the reviewed model, read from its file: ONNX (onnx.proto) in protocol buffers' wire format.

Matrices are stored in 4 bits (`com.microsoft.MatMulNBits`): blocks of 32 numbers along the input, two in a byte, the
lower half first, each minus 8 and times the block's scale. Tables of embeddings are bytes with one scale and zero.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from muniment.core.protobuf import fields, varint

Numbers = npt.NDArray[np.float32]

_GRAPH, _NODE, _INITIALIZER = 7, 1, 5
_INPUT, _OUTPUT = 1, 2
_DIMS, _TYPE, _FLOATS, _INTEGERS, _NAME, _RAW = 1, 2, 4, 5, 8, 9
_TYPES: dict[int, type[np.generic]] = {1: np.float32, 2: np.uint8}
_BLOCK = 32


class Weights:
    """`matrix` by the name of the layer that multiplies with it, `vector` and `table` by their own names."""

    def __init__(self, model: bytes) -> None:
        (graph,) = (content for number, content, _ in fields(memoryview(model)) if number == _GRAPH and content)
        parts = list(fields(graph))
        self._stored = dict(_stored(content) for number, content, _ in parts if number == _INITIALIZER and content)
        self._multiplied = dict(_multiplied(content) for number, content, _ in parts if number == _NODE and content)

    def matrix(self, path: str) -> Numbers:
        """float32[inputs, outputs] of one place of the model, such as encoder/layer.0/output/dense."""
        name = self._multiplied[f"/{path}/MatMul_output_0"]
        packed, scales = self._stored[name], self._stored[name.removesuffix("_Q4") + "_scales"]
        numbers = np.stack([packed & 15, packed >> 4], axis=-1).reshape(*packed.shape[:2], _BLOCK).astype(np.float32)
        return np.ascontiguousarray(((numbers - 8) * scales[:, :, None]).reshape(packed.shape[0], -1).T)

    def vector(self, name: str) -> Numbers:
        return np.asarray(self._stored[name], dtype=np.float32)

    def table(self, name: str) -> tuple[npt.NDArray[np.uint8], float, int]:
        """(bytes, scale, zero): a number is (byte - zero) * scale."""
        scale, zero = (self._stored[f"{name}_{part}"] for part in ("scale", "zero_point"))
        return np.asarray(self._stored[f"{name}_quantized"], dtype=np.uint8), float(scale), int(zero)


def _stored(tensor: memoryview) -> tuple[str, npt.NDArray[Any]]:
    """An initializer. The few single numbers stand in lists of their own and not among the raw bytes."""
    shape: list[int] = []
    name, kind = "", 0
    numbers: npt.NDArray[Any] = np.zeros(0, np.uint8)
    for number, content, raw in fields(tensor):
        if number == _DIMS:
            shape.append(varint(raw, 1)[0])
        elif number == _TYPE:
            kind = varint(raw, 1)[0]
        elif content is not None and number == _NAME:
            name = bytes(content).decode()
        elif content is not None and number == _RAW:
            numbers = np.frombuffer(content, _TYPES[kind])
        elif content is not None and number == _FLOATS:
            numbers = np.frombuffer(content, np.float32)
        elif content is not None and number == _INTEGERS:
            numbers = np.array([varint(content, 0)[0]], np.uint8)
    return name, numbers.reshape(shape)


def _multiplied(node: memoryview) -> tuple[str, str]:
    """What a node puts out, and the second thing that it takes in: of a multiplication its matrix."""
    parts = [(number, bytes(content).decode()) for number, content, _ in fields(node) if content and number <= _OUTPUT]
    inputs = [name for number, name in parts if number == _INPUT]
    return next(name for number, name in parts if number == _OUTPUT), inputs[1] if len(inputs) > 1 else ""
