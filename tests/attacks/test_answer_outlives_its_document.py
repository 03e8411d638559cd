"""Attacker: asks, and lets the answer wait half told while somebody deletes the document it quotes.

Move: takes the rest once the deletion has returned: further sentences, sources, the whole answer at its end.

Guarantee: G-15. Nothing of the deleted document is told any more; what other documents say is.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, update_agent
from muniment.agents.types import AnswerLength
from muniment.chat.answer_stream import told
from muniment.chat.services import ask
from muniment.ingest.selectors import names
from muniment.ingest.services import add_document, delete_documents
from muniment.jobs.services import run_due
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
DELETED = b"The lantern festival begins at nineagate. The lantern festival ends at sevenagate."
KEPT = b"The lantern festival costs two euros. The lantern festival takes place in the park."
QUESTION = "When does the lantern festival begin and end? What does the lantern festival cost?"
Events = Iterator[tuple[str, Any]]


@pytest.fixture
def agent(alice: Person) -> Agent:
    made = create_agent(actor=alice.actor, name="Festival")
    update_agent(actor=alice.actor, agent=made, length=AnswerLength.LONG)
    return made


@pytest.fixture
def document(alice: Person, agent: Agent) -> str:
    added = add_document(actor=alice.actor, agent=agent, name="begins.txt", source=[DELETED])
    run_due()
    return added.document


def asked(alice: Person, agent: Agent) -> Events:
    asking = ask(actor=alice.actor, agent=agent, question=QUESTION)
    return told(asking, pages=agent.url, no_answer="", names=lambda ids: names(alice.actor, agent, ids))


def until(events: Events, wanted: Callable[[str], bool]) -> list[tuple[str, Any]]:
    """What is told up to the first piece of the answer that holds what is wanted."""
    heard = []
    for event in events:
        heard.append(event)
        if event[0] == "html" and wanted(event[1]["html"]):
            return heard
    raise AssertionError(heard)


def test_the_rest_of_an_answer_is_not_told(alice: Person, agent: Agent, document: str) -> None:
    whole = json.dumps(list(asked(alice, agent)))
    assert "nineagate" in whole
    assert "sevenagate" in whole  # the answer has more than one sentence of it
    events = asked(alice, agent)
    until(events, lambda html: "agate" in html)
    delete_documents(actor=alice.actor, agent=agent, documents=[document])
    rest = list(events)
    assert "agate" not in json.dumps(rest)
    assert [name for name, _ in rest][-2:] == ["refusal", "done"]
    assert rest[0] == ("html", {"html": "", "into": "instead", "sentence": 1})


def test_other_documents_are_told_on(alice: Person, agent: Agent, document: str) -> None:
    add_document(actor=alice.actor, agent=agent, name="costs.txt", source=[KEPT])
    run_due()
    events = asked(alice, agent)
    until(events, lambda html: "agate" in html)
    delete_documents(actor=alice.actor, agent=agent, documents=[document])
    rest = list(events)
    assert "agate" not in json.dumps(rest)
    assert "two euros" in rest[-1][1]["html"]
    conversation = alice.client.get("/conversations").context["talks"][0]["url"]
    page = alice.client.get(conversation).content.decode()
    assert "agate" not in page
    assert "two euros" in page
