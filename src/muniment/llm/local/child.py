"""The process that holds the model: confined before it reads a byte of it, one request at a time.

Attacks stopped: a GGUF is a program's input like any other; one that takes llama.cpp over finds no network, no file,
no program to start, no memory of ours, and a limit on its own. Residue accepted: it chooses the words of its answers,
which are held against the passages like those of every model, and may remember a question while its process lives.

Arguments: the model's open file, tokens of context, threads, bytes of memory, the parent's process id.
"""

import codecs
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Protocol

from muniment.core.confinement.kernel import PR_SET_PDEATHSIG, prctl
from muniment.core.confinement.walls import put_up
from muniment.core.frames import FrameReader, write_frame
from muniment.llm.local.llama import STEP, ContextError, Library, LibraryError, Llama, ModelError, open_stream
from muniment.llm.local.prompt import prompt, warm_up
from muniment.llm.local.wire import LARGEST_FRAME, LARGEST_WORD, Ask, Failure, Frame

_IN, _OUT = 0, 1
_PIECE = 64 * 1024


class TooLongError(Exception):
    """The request leaves no room for an answer."""


class BrokenError(Exception):
    """The library gave up over this request."""


class Engine(Protocol):
    """What answers. Made before the walls are up, loaded behind them."""

    def load(self, *, context: int, threads: int) -> None: ...

    def answer(self, ask: Ask, stopped: Callable[[], bool]) -> Iterator[bytes]:
        """Bytes of the answer as they are made. `stopped` is asked before each step; it also says so when the other
        side is gone.
        """


class LlamaEngine:
    """A model file by llama.cpp. Loads the library at once, the model at `load`, with the walls up in between."""

    def __init__(self, handle: int) -> None:
        self._library = Library()
        self._stream = open_stream(handle)
        self._llama: Llama | None = None
        warm_up()

    def load(self, *, context: int, threads: int) -> None:
        self._llama = Llama(self._library, self._stream, context=context, threads=threads)

    def answer(self, ask: Ask, stopped: Callable[[], bool]) -> Iterator[bytes]:
        llama = self._llama
        assert llama is not None  # noqa: S101 - loaded before the first request is read
        asked = prompt(llama, ask.messages)
        room = llama.size - len(asked.tokens)
        if room < 1:
            raise TooLongError
        sampler = llama.sampler(ask.temperature, int.from_bytes(os.urandom(4), "big"))
        try:
            for start in range(0, len(asked.tokens), STEP):
                if stopped():
                    return
                _computed(llama, asked.tokens[start : start + STEP])
            pieces = _generated(llama, sampler, min(ask.max_tokens, room), stopped)
            yield from _up_to(asked.stop.encode(), pieces) if asked.stop else pieces
        finally:
            llama.free(sampler)
            llama.forget()


def _computed(llama: Llama, tokens: list[int]) -> None:
    if not llama.decode(tokens):
        raise BrokenError


def _generated(llama: Llama, sampler: int, most: int, stopped: Callable[[], bool]) -> Iterator[bytes]:
    for number in range(most):
        if stopped() or (token := llama.next(sampler)) is None:
            return
        yield llama.piece(token)
        if number + 1 < most:
            _computed(llama, [token])


def _up_to(end: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces before `end`; what may be its beginning is held back until it is clear."""
    held = b""
    for piece in pieces:
        held += piece
        if (at := held.find(end)) >= 0:
            yield held[:at]
            return
        keep = next(length for length in range(min(len(end), len(held)), -1, -1) if held.endswith(end[:length]))
        yield held[: len(held) - keep]
        held = held[len(held) - keep :]
    yield held


class _Server:
    """Reads requests, writes answers. `serve` returns when the other side is gone."""

    def __init__(self) -> None:
        self._frames = FrameReader(Frame, largest=LARGEST_FRAME)
        self._waiting: list[tuple[Frame, bytes]] = []
        self._gone = False
        self._stop = False
        self._poll = select.poll()
        self._poll.register(_IN, select.POLLIN)

    def serve(self, engine: Engine) -> None:
        while (body := self._next()) is not None:
            self._stop = False
            try:
                self._answer(engine, Ask.from_bytes(body))
            except TooLongError:
                _fail(Failure.TOO_LONG)
            except BrokenError:
                _fail(Failure.BROKEN)
            else:
                write_frame(_OUT, Frame.DONE)

    def _answer(self, engine: Engine, ask: Ask) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")  # a token may end within a character
        for piece in engine.answer(ask, self.stopped):
            if text := decoder.decode(piece):
                write_frame(_OUT, Frame.PIECE, text.encode()[:LARGEST_WORD])
        if text := decoder.decode(b"", final=True):
            write_frame(_OUT, Frame.PIECE, text.encode())

    def stopped(self) -> bool:
        while not self._stop and not self._gone and self._poll.poll(0):
            self._hear()
        return self._stop or self._gone

    def _next(self) -> bytes | None:
        while not self._waiting and not self._gone:
            self._hear()
        return self._waiting.pop(0)[1] if self._waiting else None

    def _hear(self) -> None:
        data = os.read(_IN, _PIECE)
        self._gone = not data
        for kind, body in self._frames.feed(data):
            if kind is Frame.ASK:
                self._waiting.append((kind, body))
            else:
                self._stop = True  # a stop that comes after the answer's end stops nothing: the next request resets it


def _fail(failure: Failure) -> None:
    write_frame(_OUT, Frame.FAILURE, failure.value.encode())


def main(make: Callable[[int], Engine] = LlamaEngine) -> None:
    handle, context, threads, memory, parent = map(int, sys.argv[1:])
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        engine = make(handle)
        codecs.lookup("utf-8")
        if not put_up(memory=memory, threads=True):
            _fail(Failure.UNCONFINED)
            return
        engine.load(context=context, threads=threads)
    except LibraryError:
        _fail(Failure.LIBRARY)
    except ModelError:
        _fail(Failure.MODEL)
    except (ContextError, MemoryError):
        _fail(Failure.CONTEXT)
    else:
        write_frame(_OUT, Frame.READY)
        _Server().serve(engine)


if __name__ == "__main__":
    main()
