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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from muniment.core.durable import fsync_folder, open_plain
from muniment.core.ids import id_from_bytes
from muniment.crypto.ledger import FILE as LEDGER
from muniment.crypto.ledger import Write
from muniment.crypto.ring import Change, Ring, header_of, is_sound
from muniment.crypto.types import INSTANCE, KeyKind

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

    def repeat(self, ring: str, change: Change) -> None:
        """The same change in every mirror, durably. One that missed an earlier change gets the whole ring.

        That was of a process which died between here and there: the next change must not hide it.
        """

        def write(folder: Path) -> None:
            place = folder / RINGS / f"{ring}.ring"
            if header_of(place) == change.before.to_bytes():
                _write_in(place, change.write)
            else:
                self._copy(f"{ring}.ring", folder)

        self._each(write)

    def copy(self, ring: str) -> None:
        """A ring that was just made."""

        def write(folder: Path) -> None:
            self._copy(f"{ring}.ring", folder)
            fsync_folder(folder / RINGS)

        self._each(write)

    def drop(self, ring: str) -> None:
        def unlink(folder: Path) -> None:
            (folder / RINGS / f"{ring}.ring").unlink(missing_ok=True)
            fsync_folder(folder / RINGS)

        self._each(unlink)

    def append_ledger(self, written: Write) -> None:
        def write(descriptor: int) -> None:
            os.pwrite(descriptor, written.data, written.offset)
            os.fdatasync(descriptor)

        self._each(lambda folder: _write_in(folder / LEDGER, write))

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
        kept = self._kept(folder)
        ours, theirs = (
            {name: header_of(keys / RINGS / name) for name in _rings(keys) - kept} for keys in (self.keys, folder)
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
        for gone in _rings(folder) - _rings(self.keys) - self._kept(folder):
            (rings / gone).unlink()
        for name in _rings(self.keys):
            self._copy(name, folder)
        if (self.keys / LEDGER).exists():
            _replace(self.keys / LEDGER, folder / LEDGER)
        fsync_folder(rings)

    def _copy(self, name: str, folder: Path) -> None:
        if is_sound(self.keys / RINGS / name):
            _replace(self.keys / RINGS / name, folder / RINGS / name)

    def _kept(self, folder: Path) -> set[str]:
        """Rings of which the mirror may hold the last copy that can be read: they are damaged here, or lost.

        Lost is a silo's whose silo key is in the instance ring; any, when that ring itself cannot be read.
        """
        ours, instance = _rings(self.keys), f"{INSTANCE}.ring"
        damaged = {name for name in ours if not is_sound(self.keys / RINGS / name)}
        missing = _rings(folder) - ours
        if instance in ours - damaged:
            names = Ring(self.keys / RINGS / instance).names()
            missing &= {f"{id_from_bytes(name[1:])}.ring" for name in names if name and name[0] == KeyKind.SILO}
        return damaged | missing

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


def _rings(folder: Path) -> set[str]:
    return {path.name for path in (folder / RINGS).glob("*.ring")}


def _write_in(path: Path, write: Callable[[int], None]) -> None:
    descriptor = open_plain(path, os.O_WRONLY | os.O_CREAT)
    try:
        write(descriptor)
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
