"""The local model as the rest of Muniment uses it: a `llm.types.ChatModel`, loaded with the first question.

One child holds the model for the whole process and answers one request after another. It ends when nobody has asked for
`idle` seconds, and starts again with the next question, also after it was killed.
"""

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from muniment.core.errors import MunimentError
from muniment.llm.errors import ModelFileError, ModelUnavailableError
from muniment.llm.local import process
from muniment.llm.local.failures import CRASHED, LOST, NO_EXTRA, SILENT, failure
from muniment.llm.local.llama import library_path
from muniment.llm.local.process import EndedError, ModelProcess, Size
from muniment.llm.local.wire import LARGEST_FRAME, Ask, Failure, Frame
from muniment.llm.types import ChatRequest

MAGIC = b"GGUF"
_LOOK = 0.1  # seconds between two looks whether somebody still waits
_PATIENCE = 5.0  # seconds a stopped child has to end its step
_SILENCE = 600.0  # seconds without a word, of loading or of an answer: then it will not come
_PART = re.compile(r"-\d{5}-of-\d{5}\.gguf$")


class LocalModel:
    """Implements `llm.types.ChatModel`. `idle`: seconds after which an unused child ends; 0 keeps it."""

    is_external = False
    _module = "muniment.llm.local.child"
    _environment: process.Environment = staticmethod(process.environment)

    def __init__(self, path: Path, size: Size, *, idle: float) -> None:
        """Reads nothing yet."""
        self._path = path
        self._size = size
        self._idle = idle
        self._turn = threading.Lock()
        self._child: ModelProcess | None = None
        self._used = time.monotonic()
        self._ending: threading.Timer | None = None

    @property
    def name(self) -> str:
        return f"{self._path.stem} on this machine"

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        child = self._child
        return child.pid if child is not None and child.is_alive else None

    def check(self) -> None:
        """Whether extra and file are there, without loading either. Raises ModelFileError."""
        if library_path() is None or find_spec("jinja2") is None:
            raise ModelFileError(NO_EXTRA)
        try:
            with self._path.open("rb") as file:
                magic = file.read(len(MAGIC))
        except OSError as error:
            raise ModelFileError(
                f"The file in MUNIMENT_LOCAL_MODEL cannot be read ({error.strerror}). Set it to a GGUF file that this "
                "user may read."
            ) from None
        if magic != MAGIC:
            raise ModelFileError("The file in MUNIMENT_LOCAL_MODEL is no GGUF file. Set it to one.")
        if _PART.search(self._path.name):
            raise ModelFileError(
                "The file in MUNIMENT_LOCAL_MODEL is one of several parts. Join them first with llama.cpp's "
                "`llama-gguf-split --merge`."
            )

    def stream(self, request: ChatRequest, *, stopped: Callable[[], bool]) -> Iterator[str]:
        """See `ChatModel.stream`. A model that is answering somebody else is waited for."""
        body = Ask(
            tuple((message.role.value, message.text) for message in request.messages),
            request.max_tokens,
            request.temperature,
        ).to_bytes()
        if len(body) > LARGEST_FRAME:
            raise failure(Failure.TOO_LONG)
        if not self._take_turn(stopped):
            return
        try:
            yield from self._answer(body, stopped)
        finally:
            self._end_later()
            self._turn.release()

    def close(self) -> None:
        """Ends the child. Whoever is being answered gets ModelUnavailableError."""
        child = self._child
        if child is not None:
            child.kill()

    def _take_turn(self, stopped: Callable[[], bool]) -> bool:
        while not self._turn.acquire(timeout=_LOOK):
            if stopped():
                return False
        if self._ending is not None:
            self._ending.cancel()
        return True

    def _answer(self, body: bytes, stopped: Callable[[], bool]) -> Iterator[str]:
        child = self._running()
        try:
            if not child.is_ready and not self._loaded(child, stopped):
                return
            child.say(Frame.ASK, body)
            yield from self._pieces(child, stopped)
        except EndedError as error:
            raise self._fault(child, error) from None

    def _running(self) -> ModelProcess:
        if self._child is not None and not self._child.is_alive:
            self._forget()
        if self._child is None:
            self.check()
            try:
                self._child = ModelProcess(
                    self._path, self._size, module=self._module, environment=self._environment(self._size.threads)
                )
            except OSError:
                raise ModelUnavailableError(LOST) from None
        return self._child

    def _loaded(self, child: ModelProcess, stopped: Callable[[], bool]) -> bool:
        """Waits for it; False when nobody waits any more. It goes on loading for whoever asks next."""
        until = time.monotonic() + _SILENCE
        while (heard := child.hear(_LOOK)) is None:
            if stopped():
                return False
            self._check_time(child, until)
        if heard[0] is not Frame.READY:
            self._forget()
            raise failure(heard[1].decode(errors="replace"))
        child.is_ready = True
        return True

    def _pieces(self, child: ModelProcess, stopped: Callable[[], bool]) -> Iterator[str]:
        until = time.monotonic() + _SILENCE
        done = False
        try:
            while not stopped():
                heard = child.hear(_LOOK)
                if heard is None:
                    self._check_time(child, until)
                    continue
                done = heard[0] is not Frame.PIECE
                if heard[0] is Frame.DONE:
                    return
                if done:
                    raise self._told(heard)
                until = time.monotonic() + _SILENCE
                yield heard[1].decode(errors="replace")
        finally:
            if not done:
                self._stop(child)

    def _told(self, heard: tuple[Frame, bytes]) -> MunimentError:
        """The failure a child told. One that ours would not tell here is a child's that is ours no more: it ends."""
        if heard not in {(Frame.FAILURE, word.value.encode()) for word in (Failure.TOO_LONG, Failure.BROKEN)}:
            self._forget()
        return failure(heard[1].decode(errors="replace"))

    def _stop(self, child: ModelProcess) -> None:
        """Until the child has ended this answer: what it still says must not reach the next who asks."""
        with contextlib.suppress(ModelUnavailableError, EndedError):
            child.say(Frame.STOP)
            until = time.monotonic() + _PATIENCE
            while time.monotonic() < until:
                heard = child.hear(_LOOK)
                if heard is not None and heard[0] is not Frame.PIECE:
                    return
        self._forget()

    def _check_time(self, child: ModelProcess, until: float) -> None:
        if time.monotonic() > until:
            child.kill()
            raise ModelUnavailableError(SILENT)

    def _fault(self, child: ModelProcess, error: EndedError) -> MunimentError:
        """While it loaded, a crash is the file's doing and will come again; SIGKILL comes from outside."""
        was_ready = child.is_ready
        self._forget()
        if was_ready or error.code in {-9, -15}:
            return ModelUnavailableError(LOST)
        return ModelFileError(CRASHED)

    def _forget(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.close()

    def _end_later(self) -> None:
        self._used = time.monotonic()
        if self._idle:
            self._ending = threading.Timer(self._idle, self._end_unused)
            self._ending.daemon = True
            self._ending.start()

    def _end_unused(self) -> None:
        """Unless somebody is being answered: then his end sets a new timer."""
        if self._turn.acquire(blocking=False):
            try:
                if time.monotonic() - self._used >= self._idle:
                    self._forget()
            finally:
                self._turn.release()
