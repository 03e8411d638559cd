"""Work of many people in a few places: nobody waits behind a heap of somebody else's.

Attack stopped: one person asks a thousand questions at once, or opens a thousand pages, and whoever comes next waits
until all of them are done. Here each person has a share of the places; the rest of theirs waits for their own.
Residue accepted: as many people as there are shares, acting together, still take every place.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

_T = TypeVar("_T")


class Turns:
    """Threads that do what is submitted to them: at most `places` at once, `each` of one person's."""

    def __init__(self, name: str, *, places: int, each: int) -> None:
        self.places = places
        self._each = each
        self._pool = ThreadPoolExecutor(max_workers=places, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()
        self._waiting: dict[str, deque[tuple[Future[Any], Callable[[], Any]]]] = {}

    def submit(self, person: str, work: Callable[[], _T]) -> "Future[_T]":
        """`work` is done when it is this person's turn. What has not begun can be cancelled."""
        future: Future[_T] = Future()
        with self._lock:
            self._waiting.setdefault(person, deque()).append((future, work))
            self._fill(person)
        return future

    @contextmanager
    def held(self, person: str) -> Iterator[None]:
        """Waits in the calling thread for a place, and keeps it for the length of the block."""
        begun, ended = threading.Event(), threading.Event()

        def keep() -> None:
            begun.set()
            ended.wait()

        waiting = self.submit(person, keep)
        try:
            begun.wait()
            yield
        finally:
            waiting.cancel()  # whoever is interrupted while waiting must not be given a place that nobody leaves
            ended.set()

    def _fill(self, person: str) -> None:
        """Hands over what the person's share has room for. Under the lock."""
        waiting = self._waiting.get(person)
        while waiting and self._taken[person] < self._each:
            self._taken[person] += 1
            self._pool.submit(self._do, person, *waiting.popleft())
        if not waiting:
            self._waiting.pop(person, None)

    def _do(self, person: str, future: "Future[Any]", work: Callable[[], Any]) -> None:
        try:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:  # noqa: BLE001 - told to who waits for it
                    future.set_exception(error)
        finally:
            with self._lock:
                self._taken[person] -= 1
                if not self._taken[person]:
                    del self._taken[person]
                self._fill(person)
