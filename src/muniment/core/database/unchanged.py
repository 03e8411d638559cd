"""What was found in the control plane, for as long as nobody has changed anything in it.

Who may do what is asked in every request, and is the same until somebody commits something. SQLite says whether that
was so (https://www.sqlite.org/pragma.html#pragma_data_version): the answer to `PRAGMA data_version` differs as soon as
anybody else, in whatever process, has committed; what this connection changed itself, `total_changes` counts.

Attack stopped: a key that was revoked, or a member who was suspended, is remembered as it was. What is taken from here
is what the database would have said at this moment; any commit, of whatever to whatever table, voids all of it. In a
transaction so does the first change that it makes itself, even one that is taken back: the counter never goes back.
"""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import connection

if TYPE_CHECKING:
    from muniment.core.database.base import DatabaseWrapper

_MOST = 256  # answers of a connection; with more they all go
_T = TypeVar("_T")


class Found:
    """One connection's. Threads have a connection each."""

    def __init__(self, wrapper: "DatabaseWrapper") -> None:
        self._wrapper = wrapper
        self._state: tuple[int, int] | None = None
        self._answers: dict[Hashable, Any] = {}

    def forget(self) -> None:
        """The numbers of two connections have nothing to do with each other."""
        self._state = None
        self._answers.clear()

    def answer(self, question: Hashable, find: Callable[[], _T]) -> _T:
        if self._wrapper.in_atomic_block:  # what is found now may never be committed: it is not kept
            is_known = question in self._answers and self._look() == self._state
            return cast("_T", self._answers[question]) if is_known else find()
        state = self._look()
        if state != self._state or len(self._answers) >= _MOST:
            self.forget()
            self._state = state
        if question in self._answers:
            return cast("_T", self._answers[question])
        answer = find()
        if self._state == state:  # `find` may have asked here too, and found something changed
            self._answers[question] = answer
        return answer

    def _look(self) -> tuple[int, int]:
        self._wrapper.ensure_connection()
        plain = cast("Any", self._wrapper.connection)
        with self._wrapper.wrap_database_errors:
            return plain.execute("PRAGMA data_version").fetchone()[0], plain.total_changes


def while_unchanged(question: Hashable, find: Callable[[], _T]) -> _T:
    """What `find` gives, or gave before, when nothing was committed since.

    `find` asks the control plane for everything: no clock, and nothing that was read before it was called, which may
    have changed since. Its answer is shared by the requests of a thread, and nobody changes it. What it raises is not
    kept.
    """
    return cast("DatabaseWrapper", connection).found.answer(question, find)
