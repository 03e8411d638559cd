"""Which of several texts is looked through first: the shortest, so that a document never holds up a question.

Attack stopped: somebody uploads a file of a thousand pages, and every question of everybody waits for it.
Residue accepted: while short ones keep coming, a long one does a window every other second only.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_MUCH = 4
_LONGEST_WAIT = 2.0


class Precedence:
    """Requests at work, each with the number of characters it has before it."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._left: dict[object, int] = {}

    def __len__(self) -> int:
        return len(self._left)

    @contextmanager
    def at_work(self, length: int) -> Iterator[object]:
        """Gives what to call `go_on` with."""
        place = object()
        with self._condition:
            self._left[place] = length
        try:
            yield place
        finally:
            with self._condition:
                del self._left[place]
                self._condition.notify_all()

    def go_on(self, place: object, left: int) -> None:
        """Returns when nobody else has less than a quarter of this before him, and after two seconds all the same."""
        with self._condition:
            self._left[place] = left
            self._condition.wait_for(lambda: not self._is_behind(place, left), timeout=_LONGEST_WAIT)

    def _is_behind(self, place: object, left: int) -> bool:
        return any(other * _MUCH < left for one, other in self._left.items() if one is not place)
