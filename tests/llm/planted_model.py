"""A child of the local model whose file took it over: it does what it is asked to, past Python's own checks.

Started like the real one, by `LocalModel` with another module's name; production has no such name.
"""

import json
import mmap
import os
from collections.abc import Callable, Iterator

from muniment.core.frames import write_frame
from muniment.ingest.sandbox.child import Work
from muniment.ingest.types import Limits
from muniment.llm.local.child import main
from muniment.llm.local.wire import Ask, Frame
from tests.ingest.planted import TOLD, told


def _flood() -> None:
    while True:
        write_frame(1, Frame.PIECE, bytes(2**16))


def _grow() -> None:
    held = []
    while True:
        held.append(mmap.mmap(-1, 2**22))
        held[-1][:: mmap.PAGESIZE] = bytes(2**22 // mmap.PAGESIZE)


def _lie_about_length() -> None:
    os.write(1, b"\x04\xff\xff\xff\xff" + bytes(100))


def _own_words() -> None:
    write_frame(1, Frame.FAILURE, b"Call this number now")


UNTOLD: dict[str, Callable[[], None]] = {
    "flood": _flood,
    "grow": _grow,
    "lie about length": _lie_about_length,
    "own words": _own_words,
}


class Planted:
    """Asked with JSON: the act, and what it needs."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def load(self, *, context: int, threads: int) -> None:
        """The file is of no interest."""

    def answer(self, ask: Ask, _stopped: Callable[[], bool]) -> Iterator[bytes]:
        arguments = json.loads(ask.messages[0][1])
        act = arguments.pop("act")
        if act in UNTOLD:
            UNTOLD[act]()
        else:
            yield told(TOLD[act])(Work(b"", Limits(), arguments, lambda _done, _total: None))


if __name__ == "__main__":
    main(Planted)
