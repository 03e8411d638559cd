"""Making a snapshot while writes go on."""

import shutil
from contextlib import suppress
from pathlib import Path

import muniment
from muniment.backup.target import Manifest, Target, copy_file, write_manifest
from muniment.core.clock import now
from muniment.core.database.copying import copy_database
from muniment.core.durable import fsync_folder
from muniment.core.errors import CorruptedError
from muniment.core.watch import Watch
from muniment.crypto import ledger
from muniment.crypto.errors import KeyDestroyedError, KeyringDamagedError
from muniment.crypto.keyring import Keyring
from muniment.crypto.types import KeyKind, KeyRef
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.services import open_silo, originals, silos

KEEP = 7


def make_snapshot(target: Target, *, keyring: Keyring, watch: Watch) -> Manifest:
    """The control plane first, then the silos: a silo may be newer than the plane that lists it, never older."""
    target.drop_partial()
    at = now()
    folder = target.snapshots / f"{at:%Y-%m-%dT%H-%M-%S.%fZ}.partial"
    (folder / "silos").mkdir(parents=True, mode=0o700)
    written = sum(1 for _ in ledger.read(keyring.folder))
    copy_database(folder / "control.db")
    copied, found = [], silos()
    for number, silo in enumerate(found, start=1):
        if _copy_silo(silo, folder / "silos" / f"{silo}.db", target):
            copied.append(silo)
        watch(number, len(found))
    manifest = Manifest(at.isoformat(timespec="seconds"), muniment.__version__, written, tuple(copied))
    write_manifest(folder, manifest)
    folder.rename(folder.with_suffix(""))
    fsync_folder(target.snapshots)
    _prune(target, keyring)
    return manifest


def _copy_silo(silo: str, place: Path, target: Target) -> bool:
    """False when the silo was erased meanwhile, or is damaged: one damaged silo holds up no backup of the others."""
    opened = open_silo(silo)
    try:
        opened.engine.snapshot(place)
    except (KeyDestroyedError, SiloDestroyedError, CorruptedError):
        place.unlink(missing_ok=True)
        return False
    files = originals(opened)
    for document in files.documents():
        kept = target.originals / silo / document
        if not kept.exists():
            with suppress(FileNotFoundError):  # erased meanwhile
                copy_file(files.folder / document, kept)
    return True


def _prune(target: Target, keyring: Keyring) -> None:
    """Old snapshots, and originals whose key is gone: nobody can open them, so they only take room."""
    for old in target.whole_snapshots()[:-KEEP]:
        shutil.rmtree(old)
    for silo, document, file in list(target.kept_originals()):
        with suppress(KeyringDamagedError):  # its keys may come back
            if keyring.holds(KeyRef(silo, KeyKind.ORIGINAL, document)):
                continue
            file.unlink()
            with suppress(OSError):  # others are left in it
                file.parent.rmdir()
