"""Attacker: holds the home, every backup that was ever made, and today's keyring with all keys in it.

Move: tries every key of the keyring on every sealed file, of the home and of the backup target, before and after the
files were read, and restores the oldest backup.

Guarantee: G-97. Of a file that was deleted after reading no byte can be opened: its key is in no ring and no mirror.
The same search opens one that is kept.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.agents.types import MaskingMode
from muniment.audit.services import verify_log
from muniment.backup.services import back_up
from muniment.core.ids import is_id
from muniment.crypto.envelope import aad
from muniment.crypto.errors import KeyDestroyedError, SealError
from muniment.crypto.keyring import Keyring
from muniment.crypto.root import LocalRootKey, cleartext_root
from muniment.crypto.stream import unseal_stream
from muniment.crypto.types import KeyKind, KeyRef
from muniment.ingest.documents import Document
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.silo.originals import Originals
from muniment.silo.sealed import Silo
from muniment.silo.services import close_all, open_silo, resume
from muniment.silo.types import Table
from muniment.teams.selectors import operator_actor
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
# What a reader leaves out: it is in the file, and in no text that was read from it.
ONLY_IN_THE_FILE = b"<p>The herbarium keeps its ferns.</p><script>zanzibarquartz</script>"
KEPT = b"<p>Lanterns hang in room nine.</p><script>lanternfish</script>"


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Museum", masking=MaskingMode.OFF)


@pytest.fixture
def target(tmp_path: Path, keyring: Keyring) -> Iterator[Path]:
    yield tmp_path / "target"
    for name in ("mirrors", "stale-mirrors"):
        (keyring.folder / name).unlink(missing_ok=True)


def opened(agent: Agent, folders: list[Path], rings: list[Keyring]) -> bytes:
    """All that any key of any of the keyrings opens of the originals in the folders."""
    found = b""
    for path in (path for folder in folders for path in folder.rglob(f"originals/{agent.silo}/*")):
        document = path.name.partition(".")[0]
        if is_id(document):
            place = aad(silo=agent.silo, table="original", row=document, purpose="file")
            for key in (key for ring in rings for key in keys(ring, agent.silo)):
                found += tried(key, path, place)
    return found


def keys(ring: Keyring, silo: str) -> list[bytes]:
    found = [ring.open(ref) for ref, _ in ring.refs(silo)]
    for ref in {ref for ref, _ in ring.refs(silo)}:
        try:
            found.append(ring.open(KeyRef(silo, KeyKind.ORIGINAL, ref.id)))
        except KeyDestroyedError:
            continue
    return found


def tried(key: bytes, path: Path, place: bytes) -> bytes:
    try:
        return b"".join(unseal_stream(key, iter([path.read_bytes()]), place))
    except SealError:
        return b""


def test_no_key_opens_it_anywhere(alice: Person, agent: Agent, target: Path, keyring: Keyring) -> None:
    add_document(actor=alice.actor, agent=agent, name="kept.html", source=[KEPT])
    add_document(actor=alice.actor, agent=agent, name="gone.html", source=[ONLY_IN_THE_FILE], delete_original=True)
    operator = operator_actor(None)
    back_up(actor=operator, folder=target)  # while it waits to be read
    before = [path.read_bytes() for path in target.rglob(f"originals/{agent.silo}/*")]
    root = cleartext_root(Path(settings.MUNIMENT_KEYS))
    places, rings = [Path(settings.MUNIMENT_HOME), target], [keyring, Keyring(target, LocalRootKey(root))]
    both = opened(agent, places, rings)
    assert b"zanzibarquartz" in both
    assert b"lanternfish" in both
    run_due()
    close_all()

    assert len(before) == 2
    assert b"lanternfish" in (after := opened(agent, places, rings))
    assert b"zanzibarquartz" not in after
    assert b"lanternfish" in opened(agent, [target], [Keyring(target, LocalRootKey(root))])
    assert len(list(Path(settings.MUNIMENT_HOME).rglob(f"originals/{agent.silo}/*"))) == 1
    back_up(actor=operator, folder=target)  # prunes what nobody can open
    assert len(list(target.rglob(f"originals/{agent.silo}/*"))) == 1
    verify_log()


@pytest.mark.parametrize("before", ["the key is destroyed", "the bytes are removed"])
def test_a_crash_behind_the_commit_is_finished_at_the_next_start(
    alice: Person, agent: Agent, keyring: Keyring, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    class Killed(BaseException):
        """As kill -9: nobody catches it."""

    def die(*_: object) -> None:
        with silo.reading() as reader:
            if any(Document.from_record(one).original_erased for one in reader.records(Table.DOCUMENT)):
                raise Killed

    silo = open_silo(agent.silo)
    added = add_document(
        actor=alice.actor, agent=agent, name="gone.html", source=[ONLY_IN_THE_FILE], delete_original=True
    )
    with monkeypatch.context() as patched:
        if before == "the key is destroyed":
            patched.setattr(Silo, "finish_erasures", die)
        else:
            patched.setattr(Originals, "remove", die)
        with pytest.raises(Killed):
            run_due()
    home = Path(settings.MUNIMENT_HOME)
    assert (b"zanzibarquartz" in opened(agent, [home], [keyring])) == (before == "the key is destroyed")
    assert len(list(home.rglob(f"originals/{agent.silo}/*"))) == 1

    resume()

    assert not keyring.holds(silo.key(KeyKind.ORIGINAL, added.document))
    assert list(home.rglob(f"originals/{agent.silo}/*")) == []
