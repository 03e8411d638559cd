"""Starts a zygote, hears how its children end, and knows when it is gone."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

import muniment
from muniment.ingest.errors import SandboxStoppedError
from muniment.ingest.sandbox.wire import LONGEST_PACKET, packet
from muniment.ingest.types import Limits

_STARTING = 60.0
"""Seconds; a cold start on a slow disk takes five."""
_STOPPED = "The reading of files stopped unexpectedly; it starts again by itself, try this file once more."


@dataclass(frozen=True, slots=True)
class Hello:
    """What the zygote found: seccomp works; Landlock's version (0: none)."""

    seccomp: bool
    landlock: int
    languages: str = ""
    """in which words of pictures are recognised, joined by "+\""""


@dataclass(frozen=True, slots=True)
class Recognition:
    """`folder` holds the data of tesseract for `languages` ("eng+deu"); those it has no data for are left out."""

    folder: str = ""
    languages: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended: a status of wait(2), and whether it was killed for being late."""

    status: int
    is_late: bool


class ZygoteKeeper:
    """One zygote from its start to its end. Raises SandboxStoppedError when it does not start."""

    def __init__(self, module: str, *, unsafe_without_seccomp: bool, recognition: Recognition) -> None:
        self._module = module
        self._recognition = recognition
        self._unsafe = unsafe_without_seccomp
        self._lock = threading.Lock()
        self._endings: dict[int, Future[Ending]] = {}
        self._numbers = count(1)
        self._hello: Future[Hello] = Future()
        self._control, self._far_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.is_alive = True
        # PR_SET_PDEATHSIG fires when the *thread* that started the zygote ends: this one lives as long as it does.
        self._thread = threading.Thread(target=self._keep, name="sandbox", daemon=True)
        self._thread.start()
        try:
            self.hello = self._hello.result(timeout=_STARTING)
        except TimeoutError:
            self.close()
            raise SandboxStoppedError(_STOPPED) from None

    def ask(
        self, act: str, limits: Limits, arguments: dict[str, Any], handles: list[int]
    ) -> tuple[int, Future[Ending]]:
        """A new child with these two pipe ends; its number, and its ending when it has come."""
        ending: Future[Ending] = Future()
        number = next(self._numbers)
        request = {"id": number, "act": act, "limits": asdict(limits), "arguments": arguments}
        with self._lock:
            if not self.is_alive:
                raise SandboxStoppedError(_STOPPED)
            self._endings[number] = ending
            try:
                socket.send_fds(self._control, [packet(request)], handles)
            except OSError:
                raise SandboxStoppedError(_STOPPED) from None
        return number, ending

    def kill(self, number: int) -> None:
        """Ends a child early; harmless when it has ended."""
        with self._lock:
            if self.is_alive:
                try:
                    self._control.send(packet({"kill": number}))
                except OSError:
                    return  # the zygote is gone, and its children with it

    def close(self) -> None:
        """Ends the zygote and its children, and waits for that."""
        with contextlib.suppress(OSError):  # already gone
            self._control.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def _keep(self) -> None:
        process = self._start()
        try:
            self._listen()
        finally:
            with self._lock:
                self.is_alive = False
                self._control.close()
                waiting, self._endings = self._endings, {}
            process.kill()
            process.wait()
            ended: tuple[Future[Any], ...] = (self._hello, *waiting.values())
            for future in ended:
                if not future.done():
                    future.set_exception(SandboxStoppedError(_STOPPED))

    def _start(self) -> "subprocess.Popen[bytes]":
        """With nothing of ours: no environment but what Python needs, no handles but one, no working folder."""
        handle = self._far_end.fileno()
        asked = [self._recognition.folder, self._recognition.languages]
        command = [sys.executable, "-s", "-P", "-m", self._module, str(handle), str(os.getpid()), *asked]
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*command, "unsafe"] if self._unsafe else command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[handle],
            env=self._environment(),
            cwd="/",
            start_new_session=True,
        )
        self._far_end.close()
        return process

    @staticmethod
    def _environment() -> dict[str, str]:
        return {
            "PYTHONPATH": str(Path(muniment.__file__).parents[1]),
            "PYTHONHASHSEED": "0",
            "LC_ALL": "C.UTF-8",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }

    def _listen(self) -> None:
        while data := self._receive():
            fields = json.loads(data)
            if "seccomp" in fields:
                self._hello.set_result(Hello(fields["seccomp"], fields["landlock"], fields["languages"]))
                continue
            with self._lock:
                ending = self._endings.pop(fields["id"], None)
            if ending is not None:
                ending.set_result(Ending(fields["status"], fields["late"]))

    def _receive(self) -> bytes:
        try:
            return self._control.recv(LONGEST_PACKET)
        except OSError:
            return b""
