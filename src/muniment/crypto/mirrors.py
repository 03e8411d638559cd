"""Copies of the keyring and the ledger in backup targets: one current copy each, rewritten at every change.

`<keys>/mirrors` names one folder a line. A mirror that cannot be written now is marked stale and is copied whole by
the next `catch_up`; until then receipts name it, and a restore from it is refused (its copy is not the newest).

One process at a time writes to mirrors (a lock beside the list): a whole copy that read a ring before a key was
destroyed must not reach a mirror after the destruction did, and bring the key back.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from muniment.core.durable import fsync_folder, open_plain
from muniment.crypto.ledger import FILE as LEDGER
from muniment.crypto.ring import Write, header_of, is_sound

FILE = "mirrors"
RINGS = "rings"
_STALE = "stale-mirrors"
_LOCK = ".mirrors-lock"


@dataclass(frozen=True, slots=True)
class Mirrors:
    keys: Path

    def folders(self) -> list[Path]:
        return [Path(line) for line in _lines(self.keys / FILE)]

    def add(self, folder: Path) -> None:
        with self._alone():
            if folder not in self.folders():
                _write_lines(self.keys / FILE, [str(path) for path in [*self.folders(), folder]])
            self._mark(folder, stale=True)
        self.catch_up()

    def stale(self) -> list[Path]:
        return [Path(line) for line in _lines(self.keys / _STALE)]

    def repeat(self, ring: str, writes: list[Write]) -> None:
        """The same writes in every mirror, durably."""
        self._each(lambda folder: _write_at(folder / RINGS / f"{ring}.ring", writes))

    def drop(self, ring: str) -> None:
        def unlink(folder: Path) -> None:
            (folder / RINGS / f"{ring}.ring").unlink(missing_ok=True)
            fsync_folder(folder / RINGS)

        self._each(unlink)

    def append_ledger(self, written: Write) -> None:
        self._each(lambda folder: _write_at(folder / LEDGER, [written]))

    def catch_up(self) -> list[Path]:
        """Copies everything to the stale mirrors that can be reached now; returns those that still cannot."""
        if not self.stale():
            return []
        with self._alone():
            for folder in self.stale():
                try:
                    self._copy_all(folder)
                except OSError:
                    continue
                self._mark(folder, stale=False)
        return self.stale()

    def compare(self) -> list[Path]:
        """Finds mirrors that a process which died left behind, and lets them catch up; returns those that cannot.

        A ring's header changes with every change and is written last; the ledger only grows.
        """
        if not self.folders():
            return []
        with self._alone():
            for folder in self._current():
                if self._is_behind(folder):
                    self._mark(folder, stale=True)
        return self.catch_up()

    def _is_behind(self, folder: Path) -> bool:
        damaged = self._damaged()
        ours, theirs = (
            {path.name: header_of(path) for path in (keys / RINGS).glob("*.ring") if path.name not in damaged}
            for keys in (self.keys, folder)
        )
        return ours != theirs or _size(self.keys / LEDGER) > _size(folder / LEDGER)

    def _each(self, write: Callable[[Path], None]) -> None:
        if not self.folders():
            return
        with self._alone():
            for folder in self._current():
                try:
                    _refuse_links(folder)
                    write(folder)
                except OSError:
                    self._mark(folder, stale=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.keys / _LOCK).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _current(self) -> list[Path]:
        stale = self.stale()
        return [folder for folder in self.folders() if folder not in stale]

    def _copy_all(self, folder: Path) -> None:
        _refuse_links(folder)
        rings = folder / RINGS
        rings.mkdir(parents=True, exist_ok=True, mode=0o700)
        wanted = {path.name for path in (self.keys / RINGS).glob("*.ring")}
        for gone in {path.name for path in rings.glob("*.ring")} - wanted:
            (rings / gone).unlink()
        for name in wanted - self._damaged():  # of those the mirror may hold the last copy that can be read
            _replace(self.keys / RINGS / name, rings / name)
        if (self.keys / LEDGER).exists():
            _replace(self.keys / LEDGER, folder / LEDGER)
        fsync_folder(rings)

    def _damaged(self) -> set[str]:
        return {path.name for path in (self.keys / RINGS).glob("*.ring") if not is_sound(path)}

    def _mark(self, folder: Path, *, stale: bool) -> None:
        marked = [path for path in self.stale() if path != folder] + ([folder] if stale else [])
        _write_lines(self.keys / _STALE, [str(path) for path in marked])


def _refuse_links(folder: Path) -> None:
    """Attack stopped: the mirror, or its folder of rings, has become a link to the keys of another installation. We
    would write over its rings and its ledger, and remove the rings that we do not know.
    """
    rings = folder / RINGS
    if rings.resolve() != rings:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(rings))


def _write_at(path: Path, writes: Iterable[Write]) -> None:
    descriptor = open_plain(path, os.O_WRONLY | os.O_CREAT)
    try:
        for write in writes:
            os.pwrite(descriptor, write.data, write.offset)
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def _replace(source: Path, target: Path) -> None:
    """In place, not beside: the old bytes are what must not stay."""
    descriptor = open_plain(target, os.O_WRONLY | os.O_CREAT)
    with os.fdopen(descriptor, "wb") as file, source.open("rb") as original:
        shutil.copyfileobj(original, file)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _write_lines(path: Path, lines: list[str]) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text("".join(line + "\n" for line in lines))
    temporary.replace(path)
    fsync_folder(path.parent)
