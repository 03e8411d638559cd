"""The worker that `serve` runs beside itself."""

import logging
import os
import subprocess
import sys
import threading
import time

_FIRST_DELAY = 1.0  # seconds until a dead worker is started again, doubled while it keeps dying
_LONGEST_DELAY = 30.0
_STEADY = 60.0  # a worker that lived this long died of something new
_GRACE = 10.0

_log = logging.getLogger(__name__)


class WorkerProcess:
    """A child process `muniment worker`, started again when it dies, ended with this one."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        # The child asks the kernel for a signal when the thread that made it ends; this one lives until stop().
        self._thread = threading.Thread(target=self._supervise, name="worker process", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when the worker has ended: by itself within seconds, else killed (its job stays in the queue)."""
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
            command = [sys.executable, "-P", "-m", "muniment", "worker", "--parent", str(os.getpid())]
            self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program
            if self._stopping.is_set():
                self._child.terminate()
            code = self._child.wait()
            if self._stopping.is_set():
                return
            delay = _FIRST_DELAY if time.monotonic() - started > _STEADY else min(delay * 2, _LONGEST_DELAY)
            _log.error("The worker ended with code %d. It is started again in %.0f seconds.", code, delay)
            self._stopping.wait(delay)
