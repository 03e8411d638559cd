"""What an agent holds, in the browser: states, filters, progress, failures with what to do, trying again, deleting."""

import re
from collections.abc import Callable

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.ingest.documents import DocumentState
from muniment.ingest.selectors import documents
from muniment.ingest.services import JOB, add_document
from muniment.jobs.models import Job
from muniment.jobs.services import run_due
from muniment.jobs.types import JobState
from muniment.silo.sealed import Silo
from muniment.silo.services import close_all, location
from muniment.silo.types import Table
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
Add = Callable[..., str]


@pytest.fixture
def charter(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Charter")


@pytest.fixture
def add(alice: Person, charter: Agent) -> Add:
    def added(name: str, content: bytes = b"") -> str:
        return add_document(actor=alice.actor, agent=charter, name=name, source=[content]).document

    return added


def page(person: Person, agent: Agent, query: str = "", **headers: str) -> str:
    answer = person.client.get(f"{agent.url}/knowledge{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def names(text: str) -> list[str]:
    return re.findall(r'<div class="documents-name"><(?:a href="[^"]*"|span)>([^<]+)<', text)


def test_an_empty_agent_says_what_to_do_next(alice: Person, charter: Agent) -> None:
    text = page(alice, charter)
    assert "No documents yet" in text
    assert "hx-get" not in text


def test_states_can_be_filtered(alice: Person, charter: Agent, add: Add) -> None:
    add("good.txt", b"The barons met at Runnymede.")
    add("bad.txt", b"")
    run_due()
    add("waiting.txt", b"Later.")
    assert sorted(names(page(alice, charter))) == ["bad.txt", "good.txt", "waiting.txt"]
    assert names(page(alice, charter, "?state=live")) == ["good.txt"]
    assert names(page(alice, charter, "?state=failed")) == ["bad.txt"]
    assert names(page(alice, charter, "?state=working")) == ["waiting.txt"]
    assert len(names(page(alice, charter, "?state=nonsense&page=900"))) == 3


def test_the_table_alone_for_htmx_asks_again_while_there_is_work(alice: Person, charter: Agent, add: Add) -> None:
    add("a.txt", b"The barons met at Runnymede.")
    part = page(alice, charter, "?state=working", **{"HX-Request": "true"})
    assert "<html" not in part
    assert f'hx-get="{charter.url}/knowledge?state=working&amp;page=1"' in part
    assert '<span id="agent-state" hx-swap-oob="true">' in part
    assert "Taking in documents" in part
    run_due()
    assert "hx-get" not in page(alice, charter, **{"HX-Request": "true"})


def test_long_lists_are_paged(alice: Person, charter: Agent, add: Add) -> None:
    for number in range(51):
        add(f"{number}.txt", b"%d" % number)
    assert len(names(page(alice, charter))) == 50
    assert len(names(page(alice, charter, "?page=2"))) == 1


@pytest.mark.parametrize("query", ["", "?state=live", "?state=failed", "?state=working", "?page=2"])
def test_only_what_is_shown_is_opened(
    alice: Person, charter: Agent, add: Add, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many documents there are: a page of 20,000 must not open 20,000 records."""
    for number in range(60):
        add(f"{number}.txt", b"%d" % number if number % 2 else b"\0" * (number + 1))
    run_due()
    for number in range(60, 70):
        add(f"{number}.txt", b"%d" % number)
    opened: list[str] = []
    unsealed = Silo.unsealed

    def counting(silo: Silo, key: bytes, body: bytes, table: str, row: str) -> bytes:
        opened.append(table)
        return unsealed(silo, key, body, table, row)

    monkeypatch.setattr(Silo, "unsealed", counting)
    shown = names(page(alice, charter, query))
    assert opened == [Table.DOCUMENT] * len(shown)
    assert 0 < len(shown) <= 50
    numbers = [int(name.removesuffix(".txt")) for name in shown]
    assert numbers == sorted(numbers, reverse=True)


def test_how_far_a_document_is(alice: Person, charter: Agent, add: Add) -> None:
    """As the job publishes it: tests/ingest/test_progress_is_published.py."""
    first, second = add("first.pdf", b"1"), add("second.pdf", b"2")
    add("third.pdf", b"3")
    said = {first: "reading 12/80", second: "indexing 64/655"}
    Job.objects.filter(kind=JOB, key=charter.id).update(state=JobState.RUNNING, progress=said)
    text = page(alice, charter)
    assert "Reading page 12 of 80" in text
    assert '<progress class="progress" value="12" max="80"' in text
    assert "Indexing 64 of 655" in text
    assert text.count("Queued") == 2  # the third, wide and narrow


def test_a_failure_says_what_to_do_and_can_be_tried_again(alice: Person, charter: Agent, add: Add) -> None:
    document = add("empty.txt", b"")
    run_due()
    text = page(alice, charter)
    assert "This file is empty; check that it was saved completely and upload it again." in text
    assert re.search(rf'<button[^>]* form="retry-form"[^>]* value="{document}"', text)
    answer = alice.client.post(f"{charter.url}/documents/retry", {"document": document})
    assert answer.headers["Location"] == f"{charter.url}/knowledge"
    assert [one.state for one in documents(alice.actor, charter)] == [DocumentState.QUEUED]


def test_many_are_deleted_at_once(alice: Person, charter: Agent, add: Add) -> None:
    kept, *gone = [add(f"{number}.txt", b"The barons met, %d of them." % number) for number in range(4)]
    run_due()
    alice.client.post(f"{charter.url}/documents/delete", {"document": gone})
    assert "3 documents deleted. Their keys are destroyed." in page(alice, charter)
    assert [one.id for one in documents(alice.actor, charter)] == [kept]


def test_a_damaged_agent_says_so_in_its_own_frame(alice: Person, charter: Agent) -> None:
    close_all()
    location(charter.silo).write_bytes(b"damaged" * 4096)
    answer = alice.client.get(f"{charter.url}/knowledge")
    assert answer.status_code == 500
    assert "This agent cannot be opened" in answer.content.decode()
    assert f'href="{charter.url}/safety"' in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_each_deletion_offers_its_receipt(
    alice: Person, bob: Person, mallory: Person, charter: Agent, add: Add, count: int
) -> None:
    gone = [add(f"{number}.txt", b"a%d" % number) for number in range(count)]
    alice.client.post(f"{charter.url}/documents/delete", {"document": gone})
    links = dict.fromkeys(re.findall(r'<a href="(/receipts/\w{26})">Receipt', page(alice, charter)))
    assert len(links) == count
    assert "/receipts/" not in page(alice, charter)  # said once
    for link in links:
        receipt = alice.client.get(link)
        assert receipt.context["grade"] == "key_destroyed"
        assert receipt.context["act"].subject in gone
        assert mallory.client.get(link).status_code == 404
        assert bob.client.get(link).status_code == 404
