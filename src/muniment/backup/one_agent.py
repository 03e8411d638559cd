"""One damaged agent comes back alone, while all others work.

A copy of its silo is put in order beside the live one, with the newest keyring, and only then takes its place: a crash
before leaves everything as it was. What was erased since the snapshot stays dead; what was added since is lost.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.backup.errors import RestoreError
from muniment.backup.target import Target, copy_file, read_manifest
from muniment.chat.services import match_conversations
from muniment.core.errors import MunimentError
from muniment.crypto.types import KeyKind
from muniment.ingest.services import count_words_of
from muniment.retrieval.services import rebuild_index
from muniment.silo.sealed import Silo
from muniment.silo.services import open_silo, originals, place_beside, replace_silo, silo_at
from muniment.silo.types import Table

if TYPE_CHECKING:
    from muniment.agents.models import Agent


def newest_with(silo: str, target: Target, *, snapshot: str | None) -> Path:
    """The newest snapshot, or the one named, that holds this silo: one that was damaged is passed over by backups."""
    whole = [path for path in target.whole_snapshots() if snapshot in (None, path.name)]
    held = [path for path in whole if silo in read_manifest(path).silos]
    if not held:
        raise RestoreError("No such snapshot of this target holds this agent. Look into its folder named snapshots.")
    return held[-1]


def bring_back(agent: "Agent", target: Target, snapshot: Path) -> int:
    """Puts the silo of the snapshot in the place of the agent's; returns how many documents it holds."""
    place = place_beside(agent.silo)
    copy_file(snapshot / "silos" / f"{agent.silo}.db", place)
    silo = silo_at(agent.silo, place)
    try:
        silo.engine.check()
        silo.drop_unreadable()
        silo.sweep_keys()
        rebuild_index(silo)  # always: its segments are under new keys now, and what any process has cached is void
        with silo.reading() as reader:
            documents = {record.group for record in reader.records(Table.DOCUMENT)}
        _bring_originals(silo, documents, target)
        replace_silo(silo)
    finally:
        silo.engine.destroy()  # what is left of the copy when it was refused
    match_conversations(agent=agent, silo=open_silo(agent.silo))
    count_words_of(agent, thorough=True)
    return len(documents)


def _bring_originals(silo: Silo, documents: set[str], target: Target) -> None:
    """The files that are missing or damaged, from the target; those of no document go."""
    files = originals(silo)
    for document in documents:
        kept = target.originals / silo.id / document
        held = silo.keyring.holds(silo.key(KeyKind.ORIGINAL, document))
        if held and kept.exists() and not _is_whole(files.read(document)):
            copy_file(kept, files.folder / document)
    for document in set(files.documents()) - documents:
        files.remove(document)


def _is_whole(pieces: Iterator[bytes]) -> bool:
    try:
        for _ in pieces:
            pass
    except (MunimentError, OSError):
        return False
    return True
