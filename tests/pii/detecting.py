"""A detector of our own folder, as a child of the test, and what is asked of it."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from muniment.core.watch import Watch, unwatched
from muniment.pii.detector import client
from muniment.pii.types import Selection, Span

LETTER = "The agreement was signed by Margaret Holloway, margaret@example.org."
FOUND = [("person", "Margaret Holloway"), ("email", "margaret@example.org")]


@contextlib.contextmanager
def detector(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = start(folder)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def start(folder: Path, *, parent: int | None = None) -> subprocess.Popen[bytes]:
    arguments = [str(folder), "--parent", str(parent or os.getpid()), "--threads", "1"]
    return subprocess.Popen([sys.executable, "-P", "-m", "muniment.pii.detector", *arguments])


def look(folder: Path, text: str, *, watch: Watch = unwatched, rules_alone: bool = False) -> tuple[Span, ...]:
    """Waits for a detector that is starting, and starts none."""
    return client.look(folder, text, selection=Selection(), rules_alone=rules_alone, watch=watch, start=lambda: None)


def words(text: str, spans: tuple[Span, ...]) -> list[tuple[str, str]]:
    return [(span.kind.value, text[span.start : span.end]) for span in spans]


def resident(pid: int) -> float:
    """MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
