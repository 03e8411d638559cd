"""The main job through the services: upload, read, ask, cite, follow up, refuse, delete."""

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.chat.selectors import conversation
from muniment.chat.services import ask
from muniment.chat.types import AskEvent, Found, Refused, Said, Started
from muniment.ingest.documents import DocumentState
from muniment.ingest.selectors import documents, open_document
from muniment.ingest.services import add_document, delete_documents
from muniment.jobs.services import run_due
from tests.cast import Person

POLICY = b"""# Visiting hours

Visitors are welcome on all wards from 14:00 to 19:00. On the intensive care unit two visitors may stay at a time.

# Parking

Parking behind the east wing costs two euros per hour. Staff park free of charge in the garage under building C.

# Hygiene

Everybody who enters a ward disinfects both hands for thirty seconds. Flowers in soil are not allowed on any ward.
"""


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Hospital")


def _upload(alice: Person, agent: Agent, name: str = "policy.md", content: bytes = POLICY) -> str:
    added = add_document(actor=alice.actor, agent=agent, name=name, source=[content])
    run_due()
    return added.document


def _ask(alice: Person, agent: Agent, question: str, conversation: str | None = None) -> list[AskEvent]:
    return list(ask(actor=alice.actor, agent=agent, question=question, conversation=conversation))


def _quotes(events: list[AskEvent]) -> list[str]:
    return [citation.quote for event in events if isinstance(event, Said) for citation in event.sentence.citations]


@pytest.mark.django_db(transaction=True)
def test_an_answer_cites_the_document_exactly(alice: Person, agent: Agent) -> None:
    document = _upload(alice, agent)
    assert [found.state for found in documents(alice.actor, agent)] == [DocumentState.LIVE]
    events = _ask(alice, agent, "What does parking behind the east wing cost?")
    assert "two euros per hour" in " ".join(_quotes(events))
    text = open_document(alice.actor, agent, document).text.text
    for event in events:
        if isinstance(event, Said):
            for citation in event.sentence.citations:
                assert text[citation.start : citation.end] == citation.quote


@pytest.mark.django_db(transaction=True)
def test_what_is_not_there_is_refused(alice: Person, agent: Agent) -> None:
    _upload(alice, agent)
    events = _ask(alice, agent, "Who won the football world cup in 1974?")
    assert any(isinstance(event, Refused) for event in events)
    assert not _quotes(events)


@pytest.mark.django_db(transaction=True)
def test_a_deleted_document_answers_no_more_and_leaves_old_answers(alice: Person, agent: Agent) -> None:
    document = _upload(alice, agent)
    events = _ask(alice, agent, "What does parking behind the east wing cost?")
    assert _quotes(events)
    (started,) = (event for event in events if isinstance(event, Started))
    shown = conversation(alice.actor, agent, started.conversation)
    assert "two euros per hour" in " ".join(sentence.text or "" for sentence in shown.turns[0].sentences)
    assert delete_documents(actor=alice.actor, agent=agent, documents=[document]) == 1
    shown = conversation(alice.actor, agent, started.conversation)
    assert [sentence.text for sentence in shown.turns[0].sentences] == [None] * len(shown.turns[0].sentences)
    again = _ask(alice, agent, "What does parking behind the east wing cost?")
    assert [event.passages for event in again if isinstance(event, Found)] == [()]
    assert any(isinstance(event, Refused) for event in again)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_is_recognised(alice: Person, agent: Agent) -> None:
    document = _upload(alice, agent)
    again = add_document(actor=alice.actor, agent=agent, name="copy.md", source=[POLICY])
    assert (again.document, again.duplicate) == (document, True)
    assert len(documents(alice.actor, agent)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_changed_file_replaces_the_old_one(alice: Person, agent: Agent) -> None:
    old = _upload(alice, agent)
    new = _upload(alice, agent, content=POLICY.replace(b"two euros", b"three euros"))
    assert old != new
    assert [found.id for found in documents(alice.actor, agent)] == [new]
    quotes = " ".join(_quotes(_ask(alice, agent, "What does parking behind the east wing cost?")))
    assert "three euros" in quotes
    assert "two euros" not in quotes


@pytest.mark.django_db(transaction=True)
def test_one_bad_file_holds_up_nobody(alice: Person, agent: Agent) -> None:
    for name, content in (("bad.pdf", b"%PDF-1.4 broken"), ("policy.md", POLICY), ("empty.txt", b"")):
        add_document(actor=alice.actor, agent=agent, name=name, source=[content])
    run_due()
    found = {document.name: document for document in documents(alice.actor, agent)}
    assert found["policy.md"].state is DocumentState.LIVE
    for name in ("bad.pdf", "empty.txt"):
        assert found[name].state is DocumentState.FAILED
        assert found[name].error.endswith(".")
