"""However versions of a file come in, fail or are deleted while others wait: of one name there is one document."""

import json
from dataclasses import replace

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.ingest.documents import Document, DocumentState, find_document
from muniment.ingest.selectors import documents
from muniment.ingest.services import Added, add_document, delete_documents
from muniment.jobs.services import run_due
from muniment.silo.chunks import chunks_of
from muniment.silo.services import open_silo
from muniment.silo.types import Table
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
BROKEN = b"%PDF-1.4 broken"
TWO, THREE, FOUR = (b"Parking costs %s euros." % price for price in (b"two", b"three", b"four"))


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Museum")


def _upload(alice: Person, agent: Agent, content: bytes, name: str = "prices.txt") -> Added:
    return add_document(actor=alice.actor, agent=agent, name=name, source=[content])


def _there(agent: Agent) -> dict[str, list[str]]:
    """The words of each document that is live, by name."""
    found: dict[str, list[str]] = {}
    with open_silo(agent.silo).reading() as reader:
        names = {record.group: Document.from_record(record).name for record in reader.records(Table.DOCUMENT)}
        for chunk in chunks_of(reader):
            found.setdefault(names[chunk.document], []).append(chunk.text)
    return found


def _words(content: bytes) -> list[str]:
    return [content.decode()]


@pytest.mark.parametrize("between", [THREE, BROKEN], ids=["that waits", "that failed"])
@pytest.mark.parametrize("later", ["after it", "before it"])
def test_a_later_one_follows_where_one_between_is_deleted(
    alice: Person, agent: Agent, between: bytes, later: str
) -> None:
    _upload(alice, agent, TWO)
    run_due()
    deleted = _upload(alice, agent, between).document
    if between is BROKEN:
        run_due()
    if later == "before it":
        _upload(alice, agent, FOUR)
    delete_documents(actor=alice.actor, agent=agent, documents=[deleted])
    if later == "after it":
        _upload(alice, agent, FOUR)
    run_due()
    assert [one.state for one in documents(alice.actor, agent)] == [DocumentState.LIVE]
    assert _there(agent) == {"prices.txt": _words(FOUR)}


def test_deleting_the_newest_leaves_the_one_before_it_in_its_place(alice: Person, agent: Agent) -> None:
    _upload(alice, agent, TWO)
    run_due()
    newest = _upload(alice, agent, THREE).document
    delete_documents(actor=alice.actor, agent=agent, documents=[newest])
    run_due()
    assert _there(agent) == {"prices.txt": _words(TWO)}
    assert _upload(alice, agent, TWO).duplicate


@pytest.mark.parametrize("kills", [0, 1], ids=["together with it", "before it"])
def test_the_later_one_stays_though_it_was_read(alice: Person, agent: Agent, kills: int) -> None:
    """Two that wait share a commit; one that a kill cut short comes behind those that were tried less."""
    earlier = _upload(alice, agent, TWO).document
    _upload(alice, agent, THREE)
    with open_silo(agent.silo).writing() as writer:
        cut_short = replace(find_document(writer, earlier), attempts=kills)
        writer.put(Table.DOCUMENT, [cut_short.to_record()])
    run_due()
    assert _there(agent) == {"prices.txt": _words(THREE)}
    with open_silo(agent.silo).reading() as reader:  # no record of the earlier is left, also none that nobody can open
        assert [reader.count(table) for table in (Table.DOCUMENT, Table.CHUNK, Table.TEXT)] == [1, 1, 1]


def test_going_back_to_the_version_that_is_live_counts(alice: Person, agent: Agent) -> None:
    """While a later one waits, the same bytes as before are no duplicate: they are what somebody wants in the end."""
    _upload(alice, agent, TWO)
    run_due()
    _upload(alice, agent, THREE)
    assert not _upload(alice, agent, TWO).duplicate
    run_due()
    assert _there(agent) == {"prices.txt": _words(TWO)}
    assert _upload(alice, agent, TWO).duplicate


def test_a_copy_of_what_is_about_to_go_is_kept(alice: Person, agent: Agent) -> None:
    _upload(alice, agent, TWO)
    run_due()
    _upload(alice, agent, THREE)
    assert not _upload(alice, agent, TWO, "before.txt").duplicate
    run_due()
    assert _there(agent) == {"prices.txt": _words(THREE), "before.txt": _words(TWO)}


def test_a_version_stored_by_an_earlier_muniment_is_still_replaced(alice: Person, agent: Agent) -> None:
    """Format 1 named one version before it, or none."""
    first = _upload(alice, agent, TWO).document
    run_due()
    second = _upload(alice, agent, THREE).document
    with open_silo(agent.silo).writing() as writer:
        for document, before in ((first, None), (second, first)):
            record = find_document(writer, document).to_record()
            fields = json.loads(record.content)[1] | {"replaces": before}
            writer.put(Table.DOCUMENT, [replace(record, content=json.dumps([1, fields]).encode())])
    run_due()
    assert _there(agent) == {"prices.txt": _words(THREE)}
