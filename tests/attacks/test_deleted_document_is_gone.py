"""Attacker: holds the silo's file, its key, today's keyring, and a backup made before the deletion.

Move: decrypts every page of the file, free pages and write-ahead log included, opens every record and segment that the
keyring still opens, in the file and in the old backup, and searches for a phrase of a deleted document.

Guarantee: G-11. Nothing of the document is found. The same search finds it before the deletion.
"""

from pathlib import Path

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.core.ids import id_bytes
from muniment.crypto.envelope import derive
from muniment.crypto.keyring import Keyring
from muniment.ingest.services import add_document, delete_documents
from muniment.jobs.services import run_due
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


def _add(alice: Person, agent: Agent, name: str, text: bytes) -> str:
    return add_document(actor=alice.actor, agent=agent, name=name, source=[text]).document


def _readable(silo: Silo) -> bytes:
    """Everything the keyring opens: records of all tables, and segments."""
    with silo.reading() as reader:
        records = [record.content for table in Table for record in reader.records(table)]
        segments = [content for info in reader.segments() if (content := reader.segment(info.id))]
    return b"\n".join(records + segments)


def _hits(data: bytes) -> int:
    return sum(data.count(term[:10]) for term in TERMS)  # the first letters: a stem in the index counts too


def _raw(agent: Agent, keyring: Keyring) -> bytes:
    key = derive(keyring.open(key_facts(agent.silo)), "sqlcipher")
    return decrypted(location(agent.silo), key, page_size=PAGE_SIZE)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_found_in_the_file_or_in_an_old_backup(
    alice: Person, agent: Agent, keyring: Keyring, tmp_path: Path
) -> None:
    text = b"The night market sells %s soup to divers who come back late.\n\n" % PHRASE * 30
    document = _add(alice, agent, "secret.txt", text)
    _add(alice, agent, "kept.txt", KEPT)
    run_due()
    silo = open_silo(agent.silo)
    old = tmp_path / "old.db"
    silo.engine.snapshot(old)
    backup = Silo(silo.id, SqlcipherEngine(old, lambda: derive(keyring.open(key_facts(silo.id)), "sqlcipher")), keyring)
    row = _row(silo, document)
    assert _hits(_readable(silo)) > 0
    assert _hits(_readable(backup)) > 0
    assert row in _raw(agent, keyring)

    assert delete_documents(actor=alice.actor, agent=agent, documents=[document]) == 1

    assert _hits(_readable(silo)) == 0
    assert _hits(_readable(backup)) == 0
    assert b"pressed ferns" in _readable(silo)
    assert b"pressed ferns" in _readable(backup)
    assert row not in _raw(agent, keyring)
    assert _hits(_raw(agent, keyring)) == 0
    backup.engine.close()


def _row(silo: Silo, document: str) -> bytes:
    """Sealed bytes of the document's record, as they stand in the file: short enough to lie on one page."""
    with silo.engine.reading() as reader:
        found = reader.get(Table.DOCUMENT, id_bytes(document))
    assert found is not None
    return found.body[:200]
