"""How client, zygote and child speak.

Client and zygote: one JSON object per packet over a Unix SOCK_SEQPACKET pair; a request carries the child's two pipe
ends. Child and client: frames over a pipe, each a kind (1 byte), a length (4 bytes, big-endian) and that many bytes.
Document bytes never pass through the zygote.
"""

import json
import os
import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

LONGEST_PACKET = 16 * 1024
LARGEST_FRAME = 256 * 1024
_HEADER = struct.Struct(">BI")
_PROGRESS = struct.Struct(">II")
_BROKEN = "a frame is not one of ours"


class Frame(IntEnum):
    PROGRESS = 1
    """done and total, two 32-bit numbers"""
    RESULT = 2
    """the next bytes of the result"""
    FAILURE = 3
    """a ParseError's fields, JSON; the last frame"""
    DONE = 4
    """the result is whole; the last frame"""


class FrameError(Exception):
    """The child sent what our child would not."""


def packet(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()


def write_frame(handle: int, kind: Frame, body: bytes = b"") -> None:
    view = memoryview(_HEADER.pack(kind, len(body)) + body)
    while view:
        view = view[os.write(handle, view) :]


def write_result(handle: int, result: bytes) -> None:
    for start in range(0, len(result), LARGEST_FRAME):
        write_frame(handle, Frame.RESULT, result[start : start + LARGEST_FRAME])
    write_frame(handle, Frame.DONE)


def pack_progress(done: int, total: int) -> bytes:
    return _PROGRESS.pack(done, total)


def unpack_progress(body: bytes) -> tuple[int, int]:
    """Raises FrameError."""
    if len(body) != _PROGRESS.size:
        raise FrameError(_BROKEN)
    done, total = _PROGRESS.unpack(body)
    return done, total


class FrameReader:
    """Bytes as they come, frames as they are complete."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Frame, bytes]]:
        """Raises FrameError, also for a length no frame of ours has: a hostile child cannot make us wait for more."""
        self._bytes += data
        while len(self._bytes) >= _HEADER.size:
            kind, length = _HEADER.unpack_from(self._bytes)
            if kind not in _KINDS or length > LARGEST_FRAME:
                raise FrameError(_BROKEN)
            end = _HEADER.size + length
            if len(self._bytes) < end:
                return
            body = bytes(self._bytes[_HEADER.size : end])
            del self._bytes[:end]
            yield _KINDS[kind], body


_KINDS = {frame.value: frame for frame in Frame}
