"""Attacker: holds the silo's file and the control plane's, their keys, today's keyring, and a backup of before.

Move: decrypts every page of the files, free pages and write-ahead log included, opens every record and segment that the
keyring still opens, in the file and in the old backup, and searches for a phrase of a deleted document or conversation.

Guarantee: G-11. Nothing of it is found: no text, no term or vector in a segment, no vector of a sentence. The same
search finds it before the deletion.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, delete_agent
from muniment.chat.selectors import conversations
from muniment.chat.services import ask, delete_conversation
from muniment.chat.types import Started
from muniment.core.ids import id_bytes
from muniment.crypto.envelope import derive
from muniment.crypto.keyring import Keyring
from muniment.crypto.services import control_key
from muniment.ingest.services import add_document, delete_documents
from muniment.jobs.services import run_due
from muniment.retrieval.writing import segment_from
from muniment.silo.sealed import Silo
from muniment.silo.services import key_facts, location, open_silo
from muniment.silo.sqlcipher_engine import PAGE_SIZE, SqlcipherEngine
from muniment.silo.types import Table
from tests.cast import Person
from tests.silo.raw_pages import decrypted

PHRASE = b"zanzibarquartz lanternfish"
TERMS = (b"zanzibarquartz", b"lanternfish")
KEPT = b"The herbarium keeps its pressed ferns in the third cabinet, sorted by valley and by year."


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Museum")


@dataclass
class Seized:
    """A silo, and a backup of it made at one moment."""

    silo: Silo
    backup: Silo

    def readable(self) -> list[bytes]:
        """Everything the keyring opens, in the file and in the old backup: records of all tables, and segments."""
        return [_readable(self.silo), _readable(self.backup)]


@pytest.fixture
def seize(keyring: Keyring, tmp_path: Path) -> Iterator[Callable[[Agent], Seized]]:
    copies: list[SqlcipherEngine] = []

    def copied(agent: Agent) -> Seized:
        silo, old = open_silo(agent.silo), tmp_path / "old.db"
        silo.engine.snapshot(old)
        copies.append(SqlcipherEngine(old, lambda: derive(keyring.open(key_facts(silo.id)), "sqlcipher")))
        return Seized(silo, Silo(silo.id, copies[-1], keyring))

    yield copied
    for engine in copies:
        engine.close()


def _add(alice: Person, agent: Agent, name: str, text: bytes) -> str:
    return add_document(actor=alice.actor, agent=agent, name=name, source=[text]).document


def _secret(alice: Person, agent: Agent) -> str:
    text = b"The night market sells %s soup to divers who come back late.\n\n" % PHRASE * 30
    return _add(alice, agent, "secret.txt", text)


def _ask(alice: Person, agent: Agent, question: str) -> str:
    events = list(ask(actor=alice.actor, agent=agent, question=question))
    return next(event.conversation for event in events if isinstance(event, Started))


def _readable(silo: Silo) -> bytes:
    with silo.reading() as reader:
        records = [record.content for table in Table for record in reader.records(table)]
        segments = [content for info in reader.segments() if (content := reader.segment(info.id))]
    return b"\n".join(records + segments)


def _hits(data: bytes) -> int:
    return sum(data.count(term[:10]) for term in TERMS)  # the first letters: a stem in the index counts too


def _raw(agent: Agent, keyring: Keyring) -> bytes:
    key = derive(keyring.open(key_facts(agent.silo)), "sqlcipher")
    return decrypted(location(agent.silo), key, page_size=PAGE_SIZE)


def _control_plane() -> bytes:
    return decrypted(Path(settings.DATABASES["default"]["NAME"]), control_key(), page_size=4096)


def _sealed(silo: Silo, table: Table, group: str) -> list[bytes]:
    """Sealed bytes of a group's records, as they stand in the file: short enough to lie on one page."""
    with silo.engine.reading() as reader:
        return [row.body[:200] for row in reader.rows(table, group=id_bytes(group))]


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_document_is_found(
    alice: Person, agent: Agent, keyring: Keyring, seize: Callable[[Agent], Seized]
) -> None:
    document = _secret(alice, agent)
    _add(alice, agent, "kept.txt", KEPT)
    run_due()
    _ask(alice, agent, "What does the night market sell to divers?")  # now there are vectors of its sentences
    seized = seize(agent)
    rows = [row for table in (Table.DOCUMENT, Table.SENTENCES) for row in _sealed(seized.silo, table, document)]
    assert len(rows) > 1
    assert all(_hits(data) > 0 for data in seized.readable())
    assert all(row in _raw(agent, keyring) for row in rows)
    vectors = _vectors(seized.silo)

    assert delete_documents(actor=alice.actor, agent=agent, documents=[document]) == 1

    for data in seized.readable():
        assert _hits(data) == 0
        assert b"pressed ferns" in data
    assert not any(row in _raw(agent, keyring) for row in rows)
    assert _hits(_raw(agent, keyring)) == 0
    assert b"Museum" in _control_plane()
    assert _hits(_control_plane()) == 0
    assert len(vectors) > len(_vectors(seized.silo)) == 1
    assert _vectors(seized.backup) == []  # the segment they were in does not open; it is rebuilt at a restore


def _vectors(silo: Silo) -> list[int]:
    """The chunks that have a vector in a segment that opens."""
    with silo.reading() as reader:
        contents = [reader.segment(info.id) for info in reader.segments() if info.label == "vectors"]
    return [int(n) for content in contents if content for n in segment_from("vectors", content).numbers]


@pytest.mark.django_db(transaction=True)
def test_a_version_replaced_before_it_was_read_enters_no_segment(
    alice: Person, agent: Agent, seize: Callable[[Agent], Seized]
) -> None:
    """Both versions are read in one group: the older is gone when the segments of the group are made."""
    _secret(alice, agent)
    _add(alice, agent, "secret.txt", KEPT)
    run_due()
    seized = seize(agent)
    assert b"pressed ferns" in _readable(seized.silo)
    assert _hits(_readable(seized.silo)) == 0
    assert len(_vectors(seized.silo)) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_conversation_is_found(
    alice: Person, agent: Agent, keyring: Keyring, seize: Callable[[Agent], Seized]
) -> None:
    _add(alice, agent, "kept.txt", KEPT)
    run_due()
    doomed = _ask(alice, agent, f"Where are the pressed ferns of the {PHRASE.decode()}?")
    kept = _ask(alice, agent, "Where are the pressed ferns?")
    seized = seize(agent)
    rows = _sealed(seized.silo, Table.MESSAGE, doomed)
    assert all(_hits(data) > 0 for data in seized.readable())
    assert rows
    assert all(row in _raw(agent, keyring) for row in rows)

    delete_conversation(actor=alice.actor, agent=agent, conversation=doomed)

    assert [_hits(data) for data in seized.readable()] == [0, 0]
    assert not any(row in _raw(agent, keyring) for row in rows)
    assert [talk.id for talk in conversations(alice.actor, agent)] == [kept]
    assert _hits(_control_plane()) == 0
    assert _hits(_raw(agent, keyring)) == 0


@pytest.mark.django_db(transaction=True)
def test_the_name_of_an_agent_leaves_the_control_plane(alice: Person) -> None:
    agent = create_agent(actor=alice.actor, name=PHRASE.decode())
    assert _hits(_control_plane()) > 0
    delete_agent(actor=alice.actor, agent=agent)
    assert b"Reading Room" in _control_plane()
    assert _hits(_control_plane()) == 0
