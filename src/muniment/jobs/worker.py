"""The process that runs jobs: one job at a time, beside it a thread that keeps leases and one that ticks."""

import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

from django.db import DatabaseError, connections

from muniment.core.registries import start_steps, tickers
from muniment.jobs import queue
from muniment.jobs.models import Worker
from muniment.jobs.running import Attempt

_POLL = 0.2  # seconds between looks into an empty queue: one indexed read
_TICK = 1.0
_BEAT = 5.0  # a sixth of a lease: four beats may fail before another worker takes over
_GRACE = 5.0  # seconds a handler has to end after SIGTERM

_log = logging.getLogger(__name__)


class JobWorker:
    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._row: Worker | None = None
        self._attempt: Attempt | None = None

    def run(self, *, parent: int | None = None) -> None:
        """Until SIGTERM or SIGINT, or until the parent process has gone."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        with self._running():
            while not self._stopping.is_set() and parent in {None, os.getppid()}:
                if not self._run_next():
                    time.sleep(_POLL)  # not a wait on the event: a signal handler that sets it then would deadlock

    def run_until(self, finished: Callable[[], bool]) -> None:
        with self._running():
            while not finished():
                if not self._run_next():
                    time.sleep(_POLL)

    def run_due(self) -> int:
        """Without threads: for jobs that take seconds. Returns how many were run."""
        self._row, count = queue.enlist(), 0
        try:
            while self._run_next():
                count += 1
        finally:
            self._row.delete()
        return count

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    @contextlib.contextmanager
    def _running(self) -> Iterator[None]:
        for name, step in start_steps.items():
            _call(name, step)
        self._row = queue.enlist()
        threads = [threading.Thread(target=work, daemon=True) for work in (self._keep, self._tick)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            self._ended.set()
            for thread in threads:
                thread.join(_GRACE)
            self._row.delete()

    def _run_next(self) -> bool:
        """Runs one job. False when none was due, or when the database could not say (a full disk, for one)."""
        job = None
        with _surviving("claiming a job"):
            job = queue.claim(self._worker())
        if job is None:
            return False
        self._attempt = attempt = Attempt(job, self._stopping)
        try:
            with _surviving("ending a job"):  # its lease runs out and it is claimed again
                attempt.run()
        finally:
            self._attempt = None
        return True

    def _worker(self) -> Worker:
        if self._row is None:
            raise RuntimeError("the worker has not been enlisted")
        return self._row

    def _keep(self) -> None:
        """Shows that this worker lives and holds its job; after a stop, does not wait long for the handler."""
        with _own_connections():
            while not self._stopping.wait(_BEAT):
                with _surviving("keeping a lease"):
                    queue.beat(self._worker())
                    if attempt := self._attempt:
                        attempt.keep()
            if self._ended.wait(_GRACE):
                return
            with _surviving("giving a job back"):
                if attempt := self._attempt:
                    attempt.give_back()
            logging.shutdown()
            os._exit(0)  # the handler's thread cannot be ended otherwise; its job is back in the queue

    def _tick(self) -> None:
        with _own_connections():
            while not self._stopping.wait(_TICK):
                for name, ticker in tickers.items():
                    _call(name, ticker)


def _call(name: str, step: Callable[[], None]) -> None:
    try:
        step()
    except Exception as error:  # noqa: BLE001 - the others, and this one the next time, must have their turn
        _log.error("%s: %s", name, type(error).__name__)


@contextlib.contextmanager
def _surviving(what: str) -> Iterator[None]:
    """The queue itself may be unreachable for a while: locked for long, or on a full disk."""
    try:
        yield
    except DatabaseError as error:
        _log.error("%s: %s", what, type(error).__name__)


@contextlib.contextmanager
def _own_connections() -> Iterator[None]:
    """Django's connections belong to threads; a thread's must be closed by itself."""
    try:
        yield
    finally:
        connections.close_all()
