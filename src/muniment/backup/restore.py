"""The way back: an empty machine, the recovery kit, and a backup target.

Any snapshot is taken with the newest keyring and ledger. What was erased after the snapshot was made has no key any
more, so it stays dead; segments that died with it are rebuilt from the chunks that can still be opened.
"""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.agents.selectors import live_agents
from muniment.agents.services import forget_erased
from muniment.backup.errors import RestoreError
from muniment.backup.target import Target, copy_file, read_manifest
from muniment.backup.types import Watch
from muniment.chat.services import match_conversations
from muniment.core.actors import SYSTEM
from muniment.core.errors import CorruptedError
from muniment.crypto import ledger
from muniment.crypto.keyring import Keyring
from muniment.crypto.mirrors import RINGS
from muniment.crypto.recovery import root_from_kit
from muniment.crypto.root import LocalRootKey, check_apart, write_root
from muniment.crypto.services import RESTORING
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef
from muniment.retrieval.services import rebuild_index
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.sealed import Silo
from muniment.silo.services import open_silo, originals

if TYPE_CHECKING:
    from muniment.agents.models import Agent

_CONTROL_PLANE = "control.db"


def lay_out(target: Target, snapshot: Path, *, kit: str, home: Path, keys: Path) -> None:
    """Puts keys and data in place, after everything that could be refused was checked."""
    root = root_from_kit(kit)
    check_apart(home=home, keys=keys)
    if any(path.exists() and any(path.iterdir()) for path in (home, keys / RINGS)) or (keys / "root.key").exists():
        raise RestoreError("There is an installation here already. Restore into an empty home and empty keys folder.")
    manifest = read_manifest(snapshot)
    check_newest_keys(target, written=manifest.ledger)
    probe = Keyring(target.folder, LocalRootKey(root))
    probe.open(KeyRef(INSTANCE, KeyKind.CONTROL, control_id(probe)))  # the wrong kit is noticed before anything is made
    for folder in (home, keys, keys / RINGS):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for ring in (target.folder / RINGS).glob("*.ring"):
        copy_file(ring, keys / RINGS / ring.name)
    if (target.folder / ledger.FILE).exists():
        copy_file(target.folder / ledger.FILE, keys / ledger.FILE)
    for silo in manifest.silos:
        copy_file(snapshot / "silos" / f"{silo}.db", home / "silos" / f"{silo}.db")
    for silo, document, original in target.kept_originals():
        if original.name == document:
            copy_file(original, home / "originals" / silo / document)
    copy_file(snapshot / _CONTROL_PLANE, home / _CONTROL_PLANE)
    (keys / RESTORING).touch()  # before the root key: nothing starts on what was laid out and not yet reconciled
    write_root(keys, root)


def check_newest_keys(target: Target, *, written: int) -> None:
    """An old keyring would revive what was erased since: a copy older than the snapshot is refused, so is none."""
    if not (target.folder / RINGS / f"{INSTANCE}.ring").exists():
        raise RestoreError("This target holds no copy of the keyring. Without it nothing can be read or restored.")
    if sum(1 for _ in ledger.read(target.folder)) < written:
        raise RestoreError("The keyring of this target is older than the snapshot. Bring its newest copy.")


def control_id(keyring: Keyring) -> str:
    found = [ref.id for ref, _ in keyring.refs(INSTANCE) if ref.kind is KeyKind.CONTROL]
    if not found:
        raise RestoreError("The keyring in this target has no control key. Bring the newest copy of the target.")
    return found[0]


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
