"""Starts the child that holds the model, speaks with it over two pipes, and knows how it ended."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import muniment
from muniment.core.frames import FrameError, FrameReader, framed
from muniment.llm.errors import ModelUnavailableError
from muniment.llm.local.failures import LOST
from muniment.llm.local.wire import LARGEST_WORD, Frame

_HEARD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Size:
    """What a child may have: tokens of context, threads, bytes of memory."""

    context: int
    threads: int
    memory: int


class ModelProcess:
    """One child from its start to its end. Not to be shared between threads, but for `kill`."""

    def __init__(self, path: Path, size: Size, *, module: str, environment: Mapping[str, str]) -> None:
        """Raises OSError for a file that cannot be opened."""
        self._frames = FrameReader(Frame, largest=LARGEST_WORD)
        self._heard: list[tuple[Frame, bytes]] = []
        self._ended: Future[int] = Future()
        self._out_of_the_child = -1
        model = os.open(path, os.O_RDONLY)
        asking, self._into_the_child = os.pipe()
        self._out_of_the_child, answering = os.pipe()
        started: Future[subprocess.Popen[bytes]] = Future()
        numbers = [model, size.context, size.threads, size.memory, os.getpid()]

        def keep() -> None:
            """PR_SET_PDEATHSIG fires when the *thread* that started the child ends: this one lives as long as it."""
            try:
                started.set_result(
                    subprocess.Popen(  # noqa: S603 - our own interpreter and module
                        [sys.executable, "-s", "-P", "-m", module, *map(str, numbers)],
                        stdin=asking,
                        stdout=answering,
                        stderr=subprocess.DEVNULL,
                        pass_fds=[model],
                        env=environment,
                        cwd="/",
                        start_new_session=True,
                    )
                )
            except (OSError, ValueError, subprocess.SubprocessError) as error:
                started.set_exception(error)
                return
            finally:
                for handle in (asking, answering, model):
                    os.close(handle)
            self._ended.set_result(started.result().wait())

        threading.Thread(target=keep, name="local model", daemon=True).start()
        try:
            self._process = started.result()
        except BaseException:
            self._close()
            raise
        self._poll = select.poll()
        self._poll.register(self._out_of_the_child, select.POLLIN)
        self.is_ready = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return not self._ended.done()

    def say(self, kind: Frame, body: bytes = b"") -> None:
        """Raises ModelUnavailableError when nobody hears it any more."""
        view = memoryview(framed(kind, body))
        try:
            while view:
                view = view[os.write(self._into_the_child, view) :]
        except OSError:
            raise ModelUnavailableError(LOST) from None

    def hear(self, seconds: float) -> tuple[Frame, bytes] | None:
        """The next frame, or None when none came in this time. Raises EndedError when the child is gone."""
        if not self._heard and self._poll.poll(seconds * 1000):
            data = os.read(self._out_of_the_child, _HEARD)
            if not data:
                raise EndedError(self._ended.result(timeout=10))
            try:
                self._heard += self._frames.feed(data)
            except FrameError:
                self.kill()
                raise EndedError(-signal.SIGKILL) from None
        return self._heard.pop(0) if self._heard else None

    def kill(self) -> None:
        """Ends the child and waits for it; harmless when it has ended."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._ended.result()

    def close(self) -> None:
        self.kill()
        self._close()

    def _close(self) -> None:
        os.close(self._into_the_child)
        os.close(self._out_of_the_child)


class EndedError(Exception):
    """The child is gone; `code` as subprocess gives it: negative for a signal."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def environment(threads: int) -> dict[str, str]:
    """Nothing of ours: neither a setting nor a path of the home can be read there."""
    return {
        "PYTHONPATH": str(Path(muniment.__file__).parents[1]),
        "LC_ALL": "C.UTF-8",
        "OMP_NUM_THREADS": str(threads),
        # Threads that wait spin by default: on a busy machine that makes a model ten times slower (measured), and
        # takes the cores from those who answer other people.
        "OMP_WAIT_POLICY": "PASSIVE",
        "GOMP_SPINCOUNT": "0",
        "MALLOC_ARENA_MAX": "1",
        "GGML_NO_BACKTRACE": "1",  # it would start a debugger
    }


Environment = Callable[[int], dict[str, str]]
