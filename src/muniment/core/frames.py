"""How two processes of ours speak over a pipe: frames, each a kind (1 byte), a length (4 bytes, big-endian), that many
bytes.
"""

import os
import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Generic, TypeVar

_HEADER = struct.Struct(">BI")

Kind = TypeVar("Kind", bound=IntEnum)


class FrameError(Exception):
    """The other side sent what ours would not."""


def framed(kind: IntEnum, body: bytes = b"") -> bytes:
    return _HEADER.pack(kind, len(body)) + body


def write_frame(handle: int, kind: IntEnum, body: bytes = b"") -> None:
    view = memoryview(framed(kind, body))
    while view:
        view = view[os.write(handle, view) :]


class FrameReader(Generic[Kind]):
    """Bytes as they come, frames as they are complete. `largest`: bytes a frame may have."""

    def __init__(self, kinds: type[Kind], *, largest: int) -> None:
        self._kinds = {kind.value: kind for kind in kinds}
        self._largest = largest
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Kind, bytes]]:
        """Raises FrameError, also for a length no frame of ours has: a hostile child cannot make us wait for more."""
        self._bytes += data
        while len(self._bytes) >= _HEADER.size:
            kind, length = _HEADER.unpack_from(self._bytes)
            if kind not in self._kinds or length > self._largest:
                raise FrameError("a frame is not one of ours")
            end = _HEADER.size + length
            if len(self._bytes) < end:
                return
            body = bytes(self._bytes[_HEADER.size : end])
            del self._bytes[:end]
            yield self._kinds[kind], body
