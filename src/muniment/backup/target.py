"""What lies where in a backup target.

rings/*.ring, erasures.jsonl     one current copy of keyring and ledger, rewritten at every change
snapshots/<time>/                control.db, silos/<id>.db, manifest.json: sealed as they are, never in clear
originals/<silo>/<document>      sealed files, shared by all snapshots
witness/                         the newest checkpoint of the audit log
.lock                            held while a backup is made

A target is ground of somebody else's, often a share. Nothing that lies there makes us read, write or remove anything
outside of it: links are not followed, and a name out of it becomes a path only when it is an id.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from muniment.backup.errors import TargetError
from muniment.core.durable import fsync_folder, open_plain
from muniment.core.ids import is_id

MANIFEST = "manifest.json"
_LOCK = ".lock"
COPYING = ".copying"  # not .part, which is an upload that comes in
_PIECE = 1 << 20  # bytes
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """Content-free: ids, counts, times. `ledger` is how many erasures had been written when the snapshot was made."""

    at: str
    version: str
    ledger: int
    silos: tuple[str, ...]
    format: int = _FORMAT


@dataclass(frozen=True, slots=True)
class Target:
    folder: Path

    @classmethod
    def prepare(cls, folder: Path, *, home: Path, keys: Path) -> "Target":
        """Makes the folders. A target inside the installation would be lost with it."""
        resolved = folder.resolve()
        for own in (home.resolve(), keys.resolve()):
            if resolved == own or own in resolved.parents or resolved in own.parents:
                raise TargetError("The backup target lies inside or around the installation. Choose another folder.")
        target = cls(resolved)
        for part in (target.snapshots, target.originals, target.witness):
            if part.is_symlink():
                raise TargetError(f"{part} is a link. Replace it by a folder, or choose another target.")
            part.mkdir(parents=True, exist_ok=True, mode=0o700)
        return target

    @property
    def snapshots(self) -> Path:
        return self.folder / "snapshots"

    @property
    def originals(self) -> Path:
        return self.folder / "originals"

    @property
    def witness(self) -> Path:
        return self.folder / "witness"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One backup at a time: another would take the snapshot that is being made for a broken one, and remove it."""
        with os.fdopen(open_plain(self.folder / _LOCK, os.O_WRONLY | os.O_CREAT), "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise TargetError("Another backup to this target is under way. Wait until it has ended.") from None
            yield

    def kept_originals(self) -> Iterator[tuple[str, str, Path]]:
        """Silo, document and file of each; also of a copy that was cut off. What else lies there is not ours."""
        for folder in self.originals.iterdir():
            if is_id(folder.name) and folder.is_dir() and not folder.is_symlink():
                for file in folder.iterdir():
                    document = file.name.removesuffix(COPYING)
                    if is_id(document):
                        yield folder.name, document, file

    def whole_snapshots(self) -> list[Path]:
        """Finished ones, oldest first."""
        return sorted(
            path.parent for path in self.snapshots.glob(f"*/{MANIFEST}") if ".partial" not in path.parent.name
        )

    def drop_partial(self) -> None:
        for path in self.snapshots.glob("*.partial"):
            shutil.rmtree(path)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    path = folder / MANIFEST
    path.write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n")
    for file in (*folder.rglob("*"),):
        if file.is_file():
            _fsync(file)
    fsync_folder(folder)


def read_manifest(folder: Path) -> Manifest:
    """Attack stopped: a target whose manifest names a silo "../../x": its name becomes a path of ours."""
    try:
        fields = json.loads((folder / MANIFEST).read_text())
        manifest = Manifest(**{**fields, "silos": tuple(fields["silos"])})
        if type(manifest.ledger) is not int or not all(map(is_id, manifest.silos)):
            raise TypeError  # noqa: TRY301 - as what the constructor refuses
    except (ValueError, TypeError, KeyError, OSError):
        raise TargetError("The manifest of this snapshot cannot be read. Choose another snapshot.") from None
    if manifest.format != _FORMAT:
        raise TargetError("This snapshot was made by a newer Muniment. Restore it with that version.")
    return manifest


def copy_file(source: Path, place: Path) -> None:
    """Durably, appearing whole or not at all. Neither what is read nor what is written is a link or a device."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = place.with_name(place.name + COPYING)
    with os.fdopen(open_plain(source, os.O_RDONLY), "rb") as original:
        partial.unlink(missing_ok=True)
        with os.fdopen(open_plain(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as copy:
            shutil.copyfileobj(original, copy, _PIECE)
            copy.flush()
            os.fsync(copy.fileno())
    partial.rename(place)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
