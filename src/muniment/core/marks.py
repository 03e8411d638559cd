"""Notes to a background worker that something waits somewhere, without opening every place to look.

Work commits in a place of its own (a silo's file). Before that a mark, an empty file named by an id, is set in a
folder; the worker takes the marks, moving each aside before it looks, so that work committed meanwhile leaves one
behind, and removing it after, so that who looks at the same time looks there too. A mark lost with the power is
replaced by whoever looks everywhere at the next start.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from muniment.core.ids import id_bytes

_ASIDE = ".taken"


@dataclass(frozen=True, slots=True)
class Marks:
    folder: Path

    def set(self, identifier: str) -> None:
        id_bytes(identifier)  # an id becomes a file name: nothing else may
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.folder / identifier).touch()

    def take(self) -> Iterator[str]:
        """The marked ids, and those that another is looking at; who dies over one has lost none."""
        aside = self.folder / _ASIDE
        for identifier in sorted(_names(self.folder) | _names(aside)):
            aside.mkdir(exist_ok=True, mode=0o700)
            with suppress(FileNotFoundError):  # another has moved it
                (self.folder / identifier).rename(aside / identifier)
            yield identifier
            (aside / identifier).unlink(missing_ok=True)


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != _ASIDE} if folder.exists() else set()
