"""The frame both kinds of segments are written in: docs/formats/segments.md. Little-endian arrays, read in place."""

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from muniment.core.errors import CorruptedError

_ALIGNMENT = 8
_HEAD = struct.Struct("<4sHH")


def pack(kind: bytes, version: int, arrays: Sequence[npt.NDArray[Any]]) -> bytes:
    """Equal arrays give equal bytes."""
    head = _HEAD.pack(kind, version, len(arrays)) + struct.pack(f"<{len(arrays)}Q", *(array.nbytes for array in arrays))
    pieces = [head]
    for array in arrays:
        content = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        pieces += [content, bytes(-len(content) % _ALIGNMENT)]
    return b"".join(pieces)


def unpack(kind: bytes, version: int, data: bytes, types: Sequence[str]) -> list[npt.NDArray[Any]]:
    """Read-only views into `data` of the numpy types given. Raises CorruptedError unless `pack` can have made it."""
    need(len(data) >= _HEAD.size + 8 * len(types))
    need(_HEAD.unpack_from(data) == (kind, version, len(types)))
    sizes = struct.unpack_from(f"<{len(types)}Q", data, _HEAD.size)
    at = _HEAD.size + 8 * len(types)
    arrays = []
    for size, name in zip(sizes, types, strict=True):
        end = at + size
        padded = end + -size % _ALIGNMENT
        need(padded <= len(data) and not size % np.dtype(name).itemsize and not any(data[end:padded]))
        arrays.append(np.frombuffer(data, dtype=name, count=size // np.dtype(name).itemsize, offset=at))
        at = padded
    need(at == len(data))
    return arrays


def need(condition: object) -> None:
    """Segments are sealed, so what is wrong in here was written wrong or is no segment; it must not be searched."""
    if not condition:
        raise CorruptedError(
            "A piece of this agent's index does not make sense: rebuild the index or restore the agent."
        )


def rises(values: npt.NDArray[Any]) -> bool:
    """Whether each value is greater than the one before."""
    return bool(np.all(values[1:] > values[:-1]))
