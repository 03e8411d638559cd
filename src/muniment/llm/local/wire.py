"""How the server and the child that holds the model speak: frames (`core.frames`) over two pipes. Requests and failures
are JSON, pieces of an answer UTF-8.
"""

import json
from dataclasses import dataclass
from enum import IntEnum, StrEnum

LARGEST_FRAME = 16 * 2**20
"""Bytes of a request; what the child says is far smaller."""
LARGEST_WORD = 64 * 1024
"""Bytes of anything the child says."""


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
