"""How client, zygote and child speak.

Client and zygote: one JSON object per packet over a Unix SOCK_SEQPACKET pair; a request carries the child's two pipe
ends. Child and client: frames (`core.frames`) over a pipe. Document bytes never pass through the zygote.
"""

import json
import struct
from enum import IntEnum
from typing import Any

from muniment.core.frames import FrameError, write_frame

LONGEST_PACKET = 16 * 1024
LARGEST_FRAME = 256 * 1024
_PROGRESS = struct.Struct(">II")


class Frame(IntEnum):
    PROGRESS = 1
    """done and total, two 32-bit numbers"""
    RESULT = 2
    """the next bytes of the result"""
    FAILURE = 3
    """a ParseError's fields, JSON; the last frame"""
    DONE = 4
    """the result is whole; the last frame"""


def packet(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()


def write_result(handle: int, result: bytes) -> None:
    for start in range(0, len(result), LARGEST_FRAME):
        write_frame(handle, Frame.RESULT, result[start : start + LARGEST_FRAME])
    write_frame(handle, Frame.DONE)


def pack_progress(done: int, total: int) -> bytes:
    return _PROGRESS.pack(done, total)


def unpack_progress(body: bytes) -> tuple[int, int]:
    """Raises FrameError."""
    if len(body) != _PROGRESS.size:
        raise FrameError("a progress makes no sense")
    done, total = _PROGRESS.unpack(body)
    return done, total
