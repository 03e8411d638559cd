"""Notes to a background worker that something waits somewhere, without opening every place to look.

Work commits in a place of its own (a silo's file). Before that a mark, an empty file named by an id, is set in a
folder; the worker takes the marks, removing each before it looks, so that work committed meanwhile leaves one behind.
A mark lost with the power is replaced by whoever looks everywhere at the next start.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from muniment.core.ids import id_bytes


@dataclass(frozen=True, slots=True)
class Marks:
    folder: Path

    def set(self, identifier: str) -> None:
        id_bytes(identifier)  # an id becomes a file name: nothing else may
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.folder / identifier).touch()

    def take(self) -> Iterator[str]:
        """The marked ids, the mark of each removed when it is reached: who dies over one has not lost the others."""
        marked = sorted(path.name for path in self.folder.iterdir()) if self.folder.exists() else []
        for identifier in marked:
            (self.folder / identifier).unlink(missing_ok=True)
            yield identifier
