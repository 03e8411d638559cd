"""The process that children are forked from: parsers loaded once, no secret ever in its memory, no document either.

Started by the client with an empty environment as
`python -m muniment.ingest.sandbox.zygote HANDLE PARENT FOLDER LANGUAGES [unsafe]`. It forks one child per request,
kills it when its time is up, says how it ended, and dies with the client.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from muniment.core.confinement import landlock
from muniment.core.confinement.kernel import PR_SET_DUMPABLE, PR_SET_PDEATHSIG, prctl
from muniment.core.confinement.seccomp import program
from muniment.ingest.errors import SandboxUnavailableError
from muniment.ingest.parsing.recognition import languages_in, load
from muniment.ingest.sandbox.child import ACTS, EXIT_UNCONFINED, Act, run
from muniment.ingest.sandbox.confinement import confine
from muniment.ingest.sandbox.warming import warm_up
from muniment.ingest.sandbox.wire import LONGEST_PACKET, packet
from muniment.ingest.types import Limits


@dataclass(slots=True)
class _Child:
    identifier: int
    deadline: float
    is_late: bool = False


@dataclass(slots=True)
class _Zygote:
    control: socket.socket
    acts: Mapping[str, Act]
    unsafe: bool
    children: dict[int, _Child] = field(default_factory=dict)
    """by process id"""

    def serve(self) -> None:
        """Until the client is gone. No child outlives this."""
        woken, wakes = os.pipe()
        os.set_blocking(wakes, False)
        os.set_blocking(woken, False)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        poller = select.poll()
        poller.register(self.control, select.POLLIN)
        poller.register(woken, select.POLLIN)
        try:
            while True:
                ready = dict(poller.poll(self._patience()))
                if woken in ready:
                    os.read(woken, 4096)
                self._reap()
                self._kill_late()
                if self.control.fileno() in ready and not self._answer():
                    return
        finally:
            for process in self.children:
                os.kill(process, signal.SIGKILL)

    def _patience(self) -> int | None:
        """Milliseconds to the next deadline."""
        waiting = [child.deadline for child in self.children.values() if not child.is_late]
        return None if not waiting else max(0, int((min(waiting) - time.monotonic()) * 1000) + 1)

    def _answer(self) -> bool:
        """One packet from the client; False when the client is gone."""
        data, handles, _flags, _address = socket.recv_fds(self.control, LONGEST_PACKET, 2)
        if not data:
            return False
        request = json.loads(data)
        if "kill" in request:
            for process, child in self.children.items():
                if child.identifier == request["kill"]:
                    os.kill(process, signal.SIGKILL)
            return True
        self._fork(request, handles)
        for handle in handles:
            os.close(handle)
        return True

    def _fork(self, request: dict[str, Any], handles: list[int]) -> None:
        zygote = os.getpid()
        process = os.fork()
        if process == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _die_with(zygote)
            run(request, self.acts, handles, unsafe_without_seccomp=self.unsafe)
        deadline = time.monotonic() + request["limits"]["max_seconds"]
        self.children[process] = _Child(request["id"], deadline)

    def _reap(self) -> None:
        while self.children:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            child = self.children.pop(process, None)
            if child is not None:
                self._tell({"id": child.identifier, "status": status, "late": child.is_late})

    def _kill_late(self) -> None:
        now = time.monotonic()
        for process, child in self.children.items():
            if not child.is_late and now >= child.deadline:
                child.is_late = True
                os.kill(process, signal.SIGKILL)

    def _tell(self, fields: dict[str, Any]) -> None:
        try:
            self.control.send(packet(fields))
        except BrokenPipeError:
            return  # the client is gone; the next poll says so


def _die_with(parent: int) -> None:
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


def _has_seccomp() -> bool:
    """Tried in a child of its own, because there is no way back. The filter is made here, once for all children."""
    try:
        program(threads=False)
    except OSError:
        return False
    process = os.fork()
    if process == 0:
        code = EXIT_UNCONFINED
        try:
            confine(Limits())
            code = 0
        except SandboxUnavailableError:
            pass
        finally:
            os._exit(code)
    _, status = os.waitpid(process, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def main(acts: Mapping[str, Act] = ACTS) -> None:
    handle, parent = int(sys.argv[1]), int(sys.argv[2])
    _die_with(parent)
    prctl(PR_SET_DUMPABLE, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    languages = languages_in(sys.argv[3], sys.argv[4])
    warm_up()
    load(sys.argv[3], languages)
    # A fork copies only the thread that calls it; a lock held by another would stay locked for ever.
    threads = len(list(Path("/proc/self/task").iterdir()))
    control = socket.socket(fileno=handle)
    control.send(
        packet({"seccomp": _has_seccomp(), "landlock": landlock.version(), "threads": threads, "languages": languages})
    )
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    os.close(silence)
    gc.collect()
    gc.freeze()
    gc.disable()
    with control:
        _Zygote(control, acts, unsafe="unsafe" in sys.argv[5:]).serve()


if __name__ == "__main__":
    main()
