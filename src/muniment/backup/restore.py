"""The way back: an empty machine, the recovery kit, and a backup target.

Any snapshot is taken with the newest keyring and ledger. What was erased after the snapshot was made has no key any
more, so it stays dead; segments that died with it are rebuilt from the chunks that can still be opened.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.agents.selectors import live_agents
from muniment.agents.services import forget_erased
from muniment.backup.errors import RestoreError
from muniment.backup.target import Target, copy_file, read_manifest
from muniment.chat.services import match_conversations
from muniment.core.actors import SYSTEM
from muniment.core.database.copying import check_copy
from muniment.core.errors import CorruptedError
from muniment.core.watch import Watch
from muniment.crypto import ledger
from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.keyring import Keyring
from muniment.crypto.mirrors import RINGS
from muniment.crypto.recovery import root_from_kit
from muniment.crypto.root import LocalRootKey, check_apart, write_root
from muniment.crypto.services import RESTORING, START_LOCK, held_control_key
from muniment.crypto.types import INSTANCE, KeyKind
from muniment.retrieval.services import rebuild_index
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.sealed import Silo
from muniment.silo.services import open_silo, originals

if TYPE_CHECKING:
    from muniment.agents.models import Agent

_CONTROL_PLANE = "control.db"


@contextmanager
def laid_out(target: Target, snapshot: Path, *, kit: str, home: Path, keys: Path) -> Iterator[None]:
    """Puts keys and data in place for the block that makes an installation of them; where that fails, all goes again.

    Everything that can be refused is checked before anything is made. Who finds the mark RESTORING finds what a process
    left that was killed.
    """
    root = root_from_kit(kit)
    check_apart(home=home, keys=keys)
    if {path.name for folder in (home, keys) if folder.exists() for path in folder.iterdir()} - {START_LOCK}:
        # Also a file that is no part of an installation: what fails takes everything away again.
        raise RestoreError(
            "There is an installation here already, or other files. Restore into an empty home and empty keys folder."
        )
    _check(target, snapshot, root)
    try:
        _copy_all(target, snapshot, home=home, keys=keys)
        write_root(keys, root)
        yield
    except BaseException:
        _take_away(home, keys)
        raise
    (keys / RESTORING).unlink()


def _check(target: Target, snapshot: Path, root: bytes) -> None:
    check_newest_keys(target, written=read_manifest(snapshot).ledger)
    try:
        key = held_control_key(Keyring(target.folder, LocalRootKey(root)))  # the wrong kit is noticed here
    except KeyDestroyedError:
        raise RestoreError(
            "The keyring in this target has no control key. Bring the newest copy of the target."
        ) from None
    check_copy(snapshot / _CONTROL_PLANE, key)


def _copy_all(target: Target, snapshot: Path, *, home: Path, keys: Path) -> None:
    for folder in (home, keys, keys / RINGS):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (keys / RESTORING).touch()  # first: nothing starts on what is laid out and not yet reconciled
    for ring in (target.folder / RINGS).glob("*.ring"):
        copy_file(ring, keys / RINGS / ring.name)
    if (target.folder / ledger.FILE).exists():
        copy_file(target.folder / ledger.FILE, keys / ledger.FILE)
    for silo in read_manifest(snapshot).silos:
        copy_file(snapshot / "silos" / f"{silo}.db", home / "silos" / f"{silo}.db")
    for silo, document, original in target.kept_originals():
        if original.name == document:
            copy_file(original, home / "originals" / silo / document)
    copy_file(snapshot / _CONTROL_PLANE, home / _CONTROL_PLANE)


def _take_away(home: Path, keys: Path) -> None:
    """What was laid out, the mark last; the folders may be mount points, and the keys' own lock is held."""
    for path in (*home.glob("*"), *keys.glob("*")):
        if path.name not in {RESTORING, START_LOCK}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (keys / RESTORING).unlink(missing_ok=True)
    with suppress(OSError):
        home.rmdir()


def check_newest_keys(target: Target, *, written: int) -> None:
    """An old keyring would revive what was erased since: a copy older than the snapshot is refused, so is none."""
    if not (target.folder / RINGS / f"{INSTANCE}.ring").exists():
        raise RestoreError("This target holds no copy of the keyring. Without it nothing can be read or restored.")
    if sum(1 for _ in ledger.read(target.folder)) < written:
        raise RestoreError("The keyring of this target is older than the snapshot. Bring its newest copy.")


def reconcile(watch: Watch) -> tuple[int, int]:
    """Brings restored data and newest keyring together. Returns (agents that stay erased, agents that live)."""
    gone = forget_erased()
    alive = list(live_agents(SYSTEM))
    for number, agent in enumerate(alive, start=1):
        with suppress(SiloDestroyedError, CorruptedError):  # not in this snapshot, or damaged in it: that agent says so
            _reconcile_silo(agent, open_silo(agent.silo))
        watch(number, len(alive))
    return gone, len(alive)


def _reconcile_silo(agent: "Agent", silo: Silo) -> None:
    if silo.drop_unreadable():
        rebuild_index(silo)
    silo.sweep_keys()
    files = originals(silo)
    for document in files.documents():
        if not silo.keyring.holds(silo.key(KeyKind.ORIGINAL, document)):
            files.remove(document)
    match_conversations(agent=agent, silo=silo)
