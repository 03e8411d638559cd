"""Threads that answer requests, each with a connection to the control plane that it keeps; and the line for dear ones.

A request is answered in one thread from its first middleware to its last: `core.request_handler`.
"""

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar, cast

from django.db import close_old_connections, connections
from django.http.response import HttpResponseBase

WAITED = "muniment.waited"  # in META: seconds from when the request was whole until a thread took it up
BEHIND = 5  # of 19: a third of the share of a thread that is not
_T = TypeVar("_T")
_Task = tuple["Future[Any]", Callable[[], Any]]
_View = Callable[..., HttpResponseBase]


class RequestThreads:
    """As many threads as there is work for, or `most`: then the rest waits in a line. `kept` of them stay when idle.

    Attack stopped: with a fixed number for everything, as many uploads that arrive a byte a minute keep everybody out.
    So whatever may wait for its client, or for its turn, is given as many as it wants.
    """

    def __init__(self, name: str, *, kept: int, most: int | None = None) -> None:
        self._name, self._kept, self._most = name, kept, most
        self._lock = threading.Lock()
        self._idle: list[SimpleQueue[_Task | None]] = []
        self._line: deque[_Task] = deque()
        self._threads: set[threading.Thread] = set()
        self._closed = False

    def submit(self, work: Callable[[], _T]) -> "Future[_T]":
        """What has not begun can be cancelled."""
        future: Future[_T] = Future()
        with self._lock:
            if self._idle:
                self._idle.pop().put((future, work))  # to the one used last: the processor has its memory at hand
            elif self._most is None or len(self._threads) < self._most:
                # A daemon: who ends the process waits for it in `close`, and no longer.
                thread = threading.Thread(target=self._serve, args=(future, work), name=self._name, daemon=True)
                self._threads.add(thread)
                thread.start()
            else:
                self._line.append((future, work))
        return future

    def close(self, patience: float) -> None:
        """Ends the threads: idle ones at once, the others after what they are at, for which this waits so long."""
        with self._lock:
            self._closed = True
            for inbox in self._idle:
                inbox.put(None)
            threads = list(self._threads)
        until = time.monotonic() + patience
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _serve(self, future: "Future[Any]", work: Callable[[], Any]) -> None:
        if self._most is not None:
            _step_back()
        inbox: SimpleQueue[_Task | None] = SimpleQueue()
        inbox.put((future, work))
        del future, work  # an idle thread holds nothing of the request it answered
        try:
            while task := inbox.get():
                _do(*task)
                del task
                self._look_for_more(inbox)
        finally:
            connections.close_all()

    def _look_for_more(self, inbox: "SimpleQueue[_Task | None]") -> None:
        with self._lock:
            if self._line:
                inbox.put(self._line.popleft())
            elif self._closed or len(self._idle) >= self._kept:
                self._threads.discard(threading.current_thread())
                inbox.put(None)
            else:
                self._idle.append(inbox)


def _step_back() -> None:
    """The thread, and those it starts, get the processor after the others: what is in a line waits anyhow. Linux alone
    knows a priority of threads (setpriority(2), "C library/kernel differences").
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BEHIND)


def _do(future: "Future[Any]", work: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - told to who waits for it
        future.set_exception(error)
    else:
        future.set_result(result)
    finally:
        close_old_connections()


def in_line(view: _View) -> _View:
    """For views that are dear when they are sent: a few are answered at once, the others wait without a thread.

    Attack stopped: hundreds of sign-ins at once, each a thread that wants the interpreter and the database, and the
    page of somebody who is signed in waits for all of them.
    """
    cast("Any", view).is_in_line = True
    return view


def is_in_line(view: _View) -> bool:
    return getattr(view, "is_in_line", False)
