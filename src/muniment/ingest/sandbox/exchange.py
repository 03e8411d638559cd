"""One file through one child: bytes down one pipe while frames come up the other."""

import json
import os
import select
import signal
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from typing import Any

from muniment.core.frames import FrameError, FrameReader
from muniment.core.watch import Watch
from muniment.ingest.errors import ParseError, Reason, SandboxStoppedError, SandboxUnavailableError
from muniment.ingest.sandbox.keeper import Ending, ZygoteKeeper
from muniment.ingest.sandbox.wire import LARGEST_FRAME, Frame, unpack_progress
from muniment.ingest.types import Limits

_PIECE = 64 * 1024
_GRACE = 10.0
"""Seconds after its deadline in which the zygote must have ended a child."""
_LOST = "The reading of files did not answer in time; try this file once more."
_UNCONFINED = "The walls around the reader of files could not be put up on this machine; ask its operator."
_EXIT_UNCONFINED = 3


def exchange(
    keeper: ZygoteKeeper,
    act: str,
    source: Iterable[bytes],
    *,
    limits: Limits,
    arguments: dict[str, Any],
    cap: int,
    on_progress: Watch,
) -> bytes:
    """The child's result, at most `cap` bytes. Raises ParseError, SandboxStoppedError and what `source` raises."""
    there, ours = os.pipe()
    back, theirs = os.pipe()
    talk = _Talk(ours, back, cap, on_progress)
    try:
        try:
            number, ending = keeper.ask(act, limits, arguments, [there, theirs])
        finally:
            os.close(there)
            os.close(theirs)
        try:
            talk.run(iter(source), deadline=time.monotonic() + limits.max_seconds + _GRACE)
        except BaseException:
            keeper.kill(number)
            raise
    finally:
        talk.close()
    return _outcome(talk, ending, limits)


def _outcome(talk: "_Talk", ending: "Future[Ending]", limits: Limits) -> bytes:
    if talk.failure is not None:
        raise talk.failure
    if talk.is_whole:
        return bytes(talk.result)
    try:
        end = ending.result(timeout=_GRACE)
    except TimeoutError:
        raise SandboxStoppedError(_LOST) from None
    raise _fault(end, limits)


def _fault(end: Ending, limits: Limits) -> ParseError | SandboxUnavailableError:
    """What the end of a child that gave no answer says."""
    if os.WIFEXITED(end.status) and os.WEXITSTATUS(end.status) == _EXIT_UNCONFINED:
        return SandboxUnavailableError(_UNCONFINED)
    number = os.WTERMSIG(end.status) if os.WIFSIGNALED(end.status) else 0
    if end.is_late or number == signal.SIGXCPU:
        return ParseError(Reason.TOO_SLOW, limit=limits.max_seconds)
    reasons = {0: Reason.READER_FAULT, signal.SIGSYS: Reason.FORBIDDEN_ACT, signal.SIGKILL: Reason.TOO_MUCH_MEMORY}
    return ParseError(reasons.get(number, Reason.CRASHED))


class _Talk:
    """Both pipes at once, so that neither side waits for the other."""

    def __init__(self, ours: int, back: int, cap: int, on_progress: Watch) -> None:
        self._ours = ours
        self._back = back
        self._cap = cap
        self._on_progress = on_progress
        self._frames = FrameReader(Frame, largest=LARGEST_FRAME)
        self._is_writing = True
        self.result = bytearray()
        self.failure: ParseError | None = None
        self.is_whole = False
        os.set_blocking(ours, False)
        os.set_blocking(back, False)

    def run(self, source: Iterator[bytes], *, deadline: float) -> None:
        poller = select.poll()
        poller.register(self._ours, select.POLLOUT)
        poller.register(self._back, select.POLLIN)
        left = memoryview(b"")
        while True:
            ready = dict(poller.poll(max(0.0, deadline - time.monotonic()) * 1000))
            if not ready:
                raise SandboxStoppedError(_LOST)
            if self._back in ready and not self._hear():
                return
            if self._is_writing and self._ours in ready:
                left = self._write(source, left)
                if self._has_written():
                    poller.unregister(self._ours)
                    self._stop_writing()

    def _has_written(self) -> bool:
        return not self._is_writing

    def _write(self, source: Iterator[bytes], left: memoryview) -> memoryview:
        if not left:
            piece = next(source, None)
            if not piece:  # an empty piece: look first whether the child still lives
                self._is_writing = piece is not None
                return left
            left = memoryview(piece)
        try:
            return left[os.write(self._ours, left[:_PIECE]) :]
        except BlockingIOError:
            return left
        except BrokenPipeError:  # the child has read enough; what it says comes through the other pipe
            self._is_writing = False
            return left

    def _hear(self) -> bool:
        """False when the child has said its last."""
        try:
            data = os.read(self._back, LARGEST_FRAME)
        except BlockingIOError:
            return True
        try:
            for kind, body in self._frames.feed(data):
                self._take(kind, body)
        except FrameError:
            self.failure = ParseError(Reason.READER_FAULT)
        return bool(data) and self.failure is None and not self.is_whole

    def _take(self, kind: Frame, body: bytes) -> None:
        if kind is Frame.PROGRESS:
            self._on_progress(*unpack_progress(body))
        elif kind is Frame.RESULT:
            self.result += body
            if len(self.result) > self._cap:  # a hostile child may fill the memory of nobody but itself
                raise FrameError
        elif kind is Frame.FAILURE:
            self.failure = _told(body)
        else:
            self.is_whole = True

    def _stop_writing(self) -> None:
        if self._ours >= 0:
            os.close(self._ours)
            self._ours = -1

    def close(self) -> None:
        self._stop_writing()
        os.close(self._back)


def _told(body: bytes) -> ParseError:
    try:
        return ParseError.from_fields(json.loads(body))
    except (ValueError, RecursionError):
        return ParseError(Reason.READER_FAULT)
