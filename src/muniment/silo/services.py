"""Making, opening and destroying silos. The rooms that may: agents (policy) and backup (copies)."""

import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings

from muniment.audit.services import adopt_events
from muniment.core.errors import CorruptedError, TransientError
from muniment.core.ids import id_bytes, id_from_bytes, new_id
from muniment.core.marks import Marks
from muniment.crypto.envelope import derive
from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.services import keyring
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.originals import Originals
from muniment.silo.sealed import Silo
from muniment.silo.sqlcipher_engine import SqlcipherEngine
from muniment.silo.types import Table

OPEN_SILOS = 64  # each keeps at most two idle connections: about 0.4 MB and 6 file descriptors

_open: OrderedDict[tuple[Path, str], Silo] = OrderedDict()
_lock = threading.Lock()


def create_silo(*, team: str) -> Silo:
    """A new silo under the team's key. The key is durable before the file exists; an orphan of a crash is swept."""
    identifier = new_id()
    keyring().create(_silo_key(identifier), parent=KeyRef(INSTANCE, KeyKind.TEAM, team))
    SqlcipherEngine.create(_path(identifier), _file_key(identifier))
    return open_silo(identifier)


def open_silo(identifier: str) -> Silo:
    """Opened once in each process, the least recently used closed. Nothing is read before it is asked for."""
    place = (_folder(), identifier)
    with _lock:
        silo = _open.pop(place, None) or Silo(
            identifier,
            SqlcipherEngine(_path(identifier), _file_key(identifier)),
            keyring(),
            announce=outbox_marks().set,
        )
        _open[place] = silo
        if len(_open) > OPEN_SILOS:
            _open.popitem(last=False)[1].engine.close()
    return silo


def destroy_silo(identifier: str) -> list[Path]:
    """Destroys the silo's key, and with it everything below it, then removes the bytes. Idempotent.

    Constant time whatever the silo holds. Returns backup targets that could not be reached.
    """
    with _lock:
        silo = _open.pop((_folder(), identifier), None)
    engine = silo.engine if silo else SqlcipherEngine(_path(identifier), _file_key(identifier))
    try:
        with engine.writing() as writer:
            # Between taking its events along and destroying its key nobody commits anything: no act escapes the log.
            adopt_events(silo=identifier, events=writer.pending_events())
            unreached = keyring().destroy([_silo_key(identifier)])
    except (KeyDestroyedError, SiloDestroyedError, CorruptedError):  # it cannot be read: erased before, or damaged
        unreached = keyring().destroy([_silo_key(identifier)])
    keyring().drop_ring(identifier)
    engine.destroy()
    shutil.rmtree(_originals_folder(identifier), ignore_errors=True)
    return unreached


def place_beside(identifier: str) -> Path:
    """Where a copy of the silo is made ready to take its place. Not among the silos that there are."""
    return _path(identifier).with_suffix(".restored")


def silo_at(identifier: str, path: Path) -> Silo:
    """The silo as a copy at another place holds it, under today's keys."""
    return Silo(identifier, SqlcipherEngine(path, _file_key(identifier)), keyring(), announce=outbox_marks().set)


def replace_silo(copy: Silo) -> None:
    """Puts a copy (`place_beside`, `silo_at`) in the silo's place; every process opens it at its next transaction.

    What waits in the old one's outbox goes into the log first, where it can still be read.
    """
    old = open_silo(copy.id)
    with suppress(KeyDestroyedError, SiloDestroyedError, CorruptedError), old.engine.reading() as reader:
        adopt_events(silo=copy.id, events=reader.pending_events())
    copy.engine.scrub()
    copy.engine.close()
    SqlcipherEngine(place_beside(copy.id), _file_key(copy.id)).replace(_path(copy.id))
    outbox_marks().set(copy.id)


def originals(silo: Silo) -> Originals:
    return Originals(_originals_folder(silo.id), silo)


def location(identifier: str) -> Path:
    """Where the silo's file lies, to be shown as a fact."""
    return _path(identifier)


def size(identifier: str) -> int:
    """Bytes of the silo's file, with what its log still holds."""
    path = _path(identifier)
    return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))


def key_facts(identifier: str) -> KeyRef:
    return _silo_key(identifier)


def silos() -> list[str]:
    """The ids of all silos that have a file."""
    return sorted(path.stem for path in _folder().glob("*.db"))


def outbox_marks() -> Marks:
    """Which silos have audit events waiting."""
    return Marks(_folder() / "outboxes")


def resume() -> None:
    """At start: finishes interrupted erasures, sweeps uploads that died with their process and files whose key is gone,
    and has the sequencer look into every silo once.

    A mark may have been lost with the power, or with a process that took it and died.
    """
    for silo in silos():
        outbox_marks().set(silo)
        with suppress(KeyDestroyedError, SiloDestroyedError, CorruptedError, TransientError):
            opened = open_silo(silo)
            opened.finish_erasures()
            files = originals(opened)
            _forget_uploads(opened, files.abandoned())
            files.sweep()


def sweep(silo: Silo, *, made_before: datetime) -> None:
    """Destroys keys, and removes files, that belong to nothing: what processes left that died before they stored it."""
    files = originals(silo)
    orphans = [ref for ref in silo.orphans(made_before=made_before) if not files.is_coming_in(ref.id)]
    silo.keyring.destroy(orphans)
    for ref in orphans:
        if ref.kind is KeyKind.ORIGINAL:
            files.remove(ref.id)
    _forget_uploads(silo, files.abandoned())


def _forget_uploads(silo: Silo, documents: list[str]) -> None:
    """The keys first, then the bytes, as with every erasure."""
    with silo.reading() as reader:
        stored = {id_from_bytes(row) for row in reader.existing(Table.DOCUMENT, [id_bytes(one) for one in documents])}
    for document in set(documents) - stored:
        silo.keyring.destroy([silo.key(kind, document) for kind in (KeyKind.DOCUMENT, KeyKind.ORIGINAL)])
        originals(silo).remove(document)


def close_all() -> None:
    """Close every open silo of this process: before a restore, and between tests."""
    with _lock:
        while _open:
            _open.popitem()[1].engine.close()


def _folder() -> Path:
    return Path(settings.MUNIMENT_HOME) / "silos"


def _path(identifier: str) -> Path:
    id_bytes(identifier)  # a silo's id is a file name: nothing but an id may become one
    return _folder() / f"{identifier}.db"


def _originals_folder(identifier: str) -> Path:
    id_bytes(identifier)
    return Path(settings.MUNIMENT_HOME) / "originals" / identifier


def _silo_key(identifier: str) -> KeyRef:
    return KeyRef(INSTANCE, KeyKind.SILO, identifier)


def _file_key(identifier: str) -> Callable[[], bytes]:
    """Asks the keyring at each opening: after erasure the answer is KeyDestroyedError, in every process."""
    return lambda: derive(keyring().open(_silo_key(identifier)), "sqlcipher")
