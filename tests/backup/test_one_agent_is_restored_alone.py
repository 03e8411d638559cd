"""One silo is damaged: its agent says so in a sentence, all others work, and it is brought back alone. G-17."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.audit.selectors import entries
from muniment.audit.services import checkpoint_now, verify_log
from muniment.backup.errors import RestoreError
from muniment.backup.services import back_up, restore_agent
from muniment.chat.selectors import conversations
from muniment.chat.services import ask
from muniment.core.actors import SYSTEM
from muniment.core.errors import MunimentError, PermissionDeniedError
from muniment.crypto.envelope import derive
from muniment.crypto.keyring import Keyring
from muniment.ingest.selectors import documents, original
from muniment.ingest.services import add_document, delete_documents
from muniment.jobs.services import run_due
from muniment.retrieval.selectors import cache
from muniment.silo.errors import SiloCorruptedError
from muniment.silo.services import close_all, key_facts, location, open_silo
from muniment.silo.sqlcipher_engine import PAGE_SIZE, SqlcipherEngine
from muniment.silo.types import Table
from muniment.teams.selectors import operator_actor
from tests.cast import Person

FERNS = b"The herbarium keeps its ferns in the third cabinet."
LANTERN = b"The lantern hangs in room nine of the night market."


@pytest.fixture
def target(tmp_path: Path, keyring: Keyring) -> Iterator[Path]:
    yield tmp_path / "target"
    for name in ("mirrors", "stale-mirrors"):
        (keyring.folder / name).unlink(missing_ok=True)


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Museum")


@pytest.fixture
def other(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Market")


def _add(alice: Person, agent: Agent, name: str, text: bytes) -> str:
    document = add_document(actor=alice.actor, agent=agent, name=name, source=[text]).document
    run_due()
    return document


def _asked(alice: Person, agent: Agent, question: str) -> str:
    return str(list(ask(actor=alice.actor, agent=agent, question=question)))


def _damage(path: Path, where: str) -> None:
    """Flips one bit of every 64th byte in the header, in the middle, or in the write-ahead log."""
    if where == "log":
        path = Path(f"{path}-wal")
    data = bytearray(path.read_bytes())
    start, end = {"header": (0, 200), "middle": (PAGE_SIZE, len(data)), "log": (32, len(data))}[where]
    for offset in range(start, end, 64):
        data[offset] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("where", ["header", "middle"])
@pytest.mark.django_db(transaction=True)
def test_a_damaged_silo_comes_back_alone(
    where: str, agent: Agent, other: Agent, alice: Person, target: Path, keyring: Keyring
) -> None:
    kept, dead = _add(alice, agent, "ferns.txt", FERNS), _add(alice, agent, "lantern.txt", LANTERN)
    _add(alice, other, "lantern.txt", LANTERN)
    _asked(alice, agent, "Where are the ferns?")
    back_up(actor=operator_actor(None), folder=target)
    delete_documents(actor=alice.actor, agent=agent, documents=[dead])
    elsewhere = SqlcipherEngine(location(agent.silo), lambda: derive(keyring.open(key_facts(agent.silo)), "sqlcipher"))
    with elsewhere.reading() as reader:
        assert reader.count(Table.DOCUMENT) == 1
    open_silo(agent.silo).engine.scrub()
    close_all()
    cache.drop(agent.silo)
    _damage(location(agent.silo), where)

    with pytest.raises(SiloCorruptedError, match="Restore this agent from a backup; all other agents work"):
        _asked(alice, agent, "Where are the ferns?")
    assert "room nine" in _asked(alice, other, "Where does the lantern hang?")
    back_up(actor=operator_actor(None), folder=target)  # a damaged agent holds up no backup, and is not in it

    assert restore_agent(actor=operator_actor(None), agent=agent, folder=target) == 1

    assert "third cabinet" in _asked(alice, agent, "Where are the ferns?")
    assert "room nine" not in _asked(alice, agent, "Where does the lantern hang?")
    assert [found.id for found in documents(alice.actor, agent)] == [kept]
    assert len(conversations(alice.actor, agent)) >= 1
    assert "room nine" in _asked(alice, other, "Where does the lantern hang?")
    with elsewhere.reading() as reader:  # another process, its connection to the old file still open
        assert reader.count(Table.DOCUMENT) == 1
        assert reader.count(Table.MESSAGE) > 1
    elsewhere.close()
    open_silo(agent.silo).engine.check()
    checkpoint_now()
    assert [entry.silo for entry in entries(SYSTEM, kind="agent:agent:restored")][:1] == [agent.silo]
    verify_log()


@pytest.mark.django_db(transaction=True)
def test_a_damaged_log_of_a_silo_loses_what_was_in_it_and_nothing_else(agent: Agent, alice: Person) -> None:
    """SQLite checks each frame of the log and stops at the first that is damaged: the file itself is as it was."""
    _add(alice, agent, "ferns.txt", FERNS)
    open_silo(agent.silo).engine.scrub()
    _asked(alice, agent, "Where are the ferns?")
    path = location(agent.silo)
    crashed = path.with_name("crashed.db")
    for suffix in ("", "-wal"):  # as a killed process leaves them; a closed connection would have emptied the log
        shutil.copy(f"{path}{suffix}", f"{crashed}{suffix}")
    close_all()
    _damage(crashed, "log")
    for suffix in ("", "-wal"):
        shutil.move(f"{crashed}{suffix}", f"{path}{suffix}")
    cache.drop(agent.silo)
    assert "third cabinet" in _asked(alice, agent, "Where are the ferns?")
    open_silo(agent.silo).engine.check()


@pytest.mark.django_db(transaction=True)
def test_a_damaged_original_says_so_and_comes_back(agent: Agent, alice: Person, target: Path) -> None:
    document = _add(alice, agent, "ferns.txt", FERNS)
    back_up(actor=operator_actor(None), folder=target)
    path = Path(settings.MUNIMENT_HOME) / "originals" / agent.silo / document
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises(MunimentError, match="backup"):
        b"".join(original(alice.actor, agent, document))
    assert "third cabinet" in _asked(alice, agent, "Where are the ferns?")
    restore_agent(actor=operator_actor(None), agent=agent, folder=target)
    assert b"".join(original(alice.actor, agent, document)) == FERNS


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_restored_is_refused(agent: Agent, alice: Person, target: Path) -> None:
    back_up(actor=operator_actor(None), folder=target)
    late = create_agent(actor=alice.actor, name="Late")
    with pytest.raises(RestoreError, match="holds this agent"):
        restore_agent(actor=operator_actor(None), agent=late, folder=target)
    with pytest.raises(RestoreError, match="holds this agent"):
        restore_agent(actor=operator_actor(None), agent=agent, folder=target, snapshot="2001-01-01")
    with pytest.raises(PermissionDeniedError):
        restore_agent(actor=alice.actor, agent=agent, folder=target)
    (copy,) = target.glob(f"snapshots/*/silos/{agent.silo}.db")
    _damage(copy, "middle")
    _add(alice, agent, "ferns.txt", FERNS)
    with pytest.raises(SiloCorruptedError):
        restore_agent(actor=operator_actor(None), agent=agent, folder=target)
    assert "third cabinet" in _asked(alice, agent, "Where are the ferns?")  # nothing was changed
    assert list(location(agent.silo).parent.glob("*.restored*")) == []
