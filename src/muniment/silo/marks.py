"""Which silos have audit events waiting, without opening them all.

A silo's events commit in its own file. Before that a mark is set in a folder; the sequencer looks at marked silos
only, and removes a mark before it reads the outbox, so that an event committed meanwhile leaves a mark behind. A mark
lost with the power is replaced by `mark_all` at the next start.
"""

from dataclasses import dataclass
from pathlib import Path

from muniment.core.ids import id_bytes


@dataclass(frozen=True, slots=True)
class OutboxMarks:
    silos: Path

    def mark(self, silo: str) -> None:
        id_bytes(silo)
        self._folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._folder() / silo).touch()

    def take(self) -> list[str]:
        """The marked silos, their marks removed."""
        marked = sorted(path.name for path in self._folder().iterdir()) if self._folder().exists() else []
        for silo in marked:
            (self._folder() / silo).unlink(missing_ok=True)
        return marked

    def _folder(self) -> Path:
        return self.silos / "outboxes"
