"""A child process of ours that lives as long as its parent: started again when it dies."""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

_FIRST_DELAY = 1.0  # seconds until a dead child is started again, doubled while it keeps dying
_LONGEST_DELAY = 30.0
_STEADY = 60.0  # a child that lived this long died of something new
_GRACE = 10.0

_log = logging.getLogger(__name__)


class ChildProcess:
    """`python -m MODULE ARGUMENTS`, from start() to stop(). The child calls `core.process.end_with` its parent."""

    def __init__(self, what: str, module: str, arguments: Sequence[str]) -> None:
        self._what = what
        self._command = [sys.executable, "-P", "-m", module, *arguments]
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        # The child asks the kernel for a signal when the thread that made it ends; this one lives until stop().
        self._thread = threading.Thread(target=self._supervise, name=f"{what} process", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when the child has ended: by itself within seconds, else killed."""
        self._stopping.set()
        child = self._child
        if child is not None:
            child.terminate()
            try:
                child.wait(_GRACE)
            except subprocess.TimeoutExpired:
                child.kill()
        self._thread.join(_GRACE)

    def _supervise(self) -> None:
        delay = _FIRST_DELAY
        while not self._stopping.is_set():
            started = time.monotonic()
            self._child = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program
            if self._stopping.is_set():
                self._child.terminate()
            code = self._child.wait()
            if self._stopping.is_set():
                return
            delay = _FIRST_DELAY if time.monotonic() - started > _STEADY else min(delay * 2, _LONGEST_DELAY)
            _log.error("The %s ended with code %d. It is started again in %.0f seconds.", self._what, code, delay)
            self._stopping.wait(delay)
