"""Notes to a background worker that something waits somewhere, without opening every place to look.

Work commits in a place of its own (a silo's file). Before that a mark, an empty file named by an id, is set in a
folder; the worker takes the marks, removing each before it looks, so that work committed meanwhile leaves one behind.
One looks at a time: whoever else wants to, waits, and finds every mark that stands. A mark lost with the power is
replaced by whoever looks everywhere at the next start.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from muniment.core.ids import id_bytes, is_id

_LOCK = ".looking"


@dataclass(frozen=True, slots=True)
class Marks:
    folder: Path

    def set(self, identifier: str) -> None:
        id_bytes(identifier)  # an id becomes a file name: nothing else may
        self._make()
        (self.folder / identifier).touch()

    @contextmanager
    def taken(self) -> Iterator[Iterator[str]]:
        """The marked ids, the mark of each removed when it is reached: who dies over one has not lost the others. What
        is no id, as a file manager leaves it, is passed over.
        """
        self._make()
        with (self.folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._each()

    def _each(self) -> Iterator[str]:
        for identifier in sorted(path.name for path in self.folder.iterdir() if is_id(path.name)):
            (self.folder / identifier).unlink(missing_ok=True)
            yield identifier

    def _make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
