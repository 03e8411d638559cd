"""The erasure ledger: what was erased and when, in random ids only. One JSON line each, appended durably.

A backup may bring an old snapshot of the data back; the ledger says what in it must stay dead. Its newest copy
travels with the keyring to every backup target and is never part of a snapshot.
"""

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from muniment.core.clock import now
from muniment.core.durable import fsync_folder

FILE = "erasures.jsonl"


@dataclass(frozen=True, slots=True)
class Erasure:
    """`scope`: "key" (ring, kind and id of a destroyed key) or "row" (ring is the table, id the row's id)."""

    scope: str
    ring: str
    kind: str
    id: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """What was written where, for a mirror to repeat."""

    offset: int
    data: bytes


def append(folder: Path, erasures: list[Erasure]) -> Write:
    """Durable before it returns. Returns what was written where, for mirrors to repeat."""
    at = now().isoformat(timespec="seconds")
    lines = "".join(json.dumps({**asdict(e), "at": at}, sort_keys=True) + "\n" for e in erasures).encode()
    path = folder / FILE
    fresh = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_torn(path):
            lines = b"\n" + lines
        end = os.fstat(descriptor).st_size
        if os.write(descriptor, lines) != len(lines):  # a full disk; the torn line is nobody's erasure
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if fresh:
        fsync_folder(folder)
    return Write(end, lines)


def read(folder: Path) -> Iterator[Erasure]:
    """Every erasure in order. A last line torn by a crash stands for an erasure that was never reported done."""
    path = folder / FILE
    if not path.exists():
        return
    for line in path.read_text("ascii").split("\n"):
        try:
            yield Erasure(**json.loads(line))
        except ValueError:
            continue


def _is_torn(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"
