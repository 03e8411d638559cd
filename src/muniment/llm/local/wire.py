"""How the server and the child that holds the model speak: frames over two pipes.

Both ways a frame is a kind (1 byte), a length (4 bytes, big-endian) and that many bytes. Requests and failures are
JSON, pieces of an answer UTF-8.
"""

import json
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

LARGEST_FRAME = 16 * 2**20
"""Bytes of a request; what the child says is far smaller."""
LARGEST_WORD = 64 * 1024
"""Bytes of anything the child says."""
_HEADER = struct.Struct(">BI")


class Frame(IntEnum):
    """ASK and STOP go to the child, the others come from it."""

    ASK = 1
    STOP = 2
    READY = 3
    PIECE = 4
    DONE = 5
    FAILURE = 6


class Failure(StrEnum):
    """Why the child did not answer; everything it can say beside the answer itself."""

    UNCONFINED = "unconfined"
    LIBRARY = "library"
    MODEL = "model"
    CONTEXT = "context"
    TOO_LONG = "too long"
    BROKEN = "broken"


class FrameError(Exception):
    """The other side sent what ours would not."""


def frame(kind: Frame, body: bytes = b"") -> bytes:
    return _HEADER.pack(kind, len(body)) + body


def write(handle: int, kind: Frame, body: bytes = b"") -> None:
    view = memoryview(frame(kind, body))
    while view:
        view = view[os.write(handle, view) :]


class FrameReader:
    """Bytes as they come, frames as they are complete. `largest`: bytes a frame may have."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Frame, bytes]]:
        """Raises FrameError, also for a length no frame of ours has: nobody is made to wait for more memory."""
        self._bytes += data
        while len(self._bytes) >= _HEADER.size:
            kind, length = _HEADER.unpack_from(self._bytes)
            if kind not in _KINDS or length > self._largest:
                raise FrameError
            end = _HEADER.size + length
            if len(self._bytes) < end:
                return
            body = bytes(self._bytes[_HEADER.size : end])
            del self._bytes[:end]
            yield _KINDS[kind], body


_KINDS = {kind.value: kind for kind in Frame}


@dataclass(frozen=True, slots=True)
class Ask:
    """A `llm.types.ChatRequest` as the child knows it, which loads no numpy for it: messages are (role, text)."""

    messages: tuple[tuple[str, str], ...]
    max_tokens: int
    temperature: float

    def to_bytes(self) -> bytes:
        return json.dumps([self.messages, self.max_tokens, self.temperature], ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> "Ask":
        messages, most, temperature = json.loads(body)
        return cls(tuple((role, text) for role, text in messages), most, temperature)
