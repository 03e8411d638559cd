"""*Ask Muniment* answers what a new user asks first, from the guides that come with the product."""

import pytest

from muniment.agents.models import Agent
from muniment.agents.selectors import agents
from muniment.chat.services import ask
from muniment.chat.types import Refused, Said
from muniment.console.demonstration import NAME, make_demonstration
from muniment.ingest.selectors import documents
from muniment.jobs.services import run_due
from tests.cast import Person

FIRST = {
    "How do I add documents?": "Knowledge",
    "Where are my keys?": "MUNIMENT_KEYS",
    "What happens when I delete an agent?": "its key is destroyed",
    "How do I back up?": "muniment backup TARGET",
    "Which file formats can I upload?": "PDF",
    "What is a silo?": "encrypted store of its own",
    "How do I change the port?": "MUNIMENT_PORT",
    "Who can see my conversations?": "nobody else in your team",
}


@pytest.fixture
def demonstration(transactional_db: None, alice: Person) -> Agent:
    make_demonstration(alice.actor)
    make_demonstration(alice.actor)  # a claim that was interrupted runs its steps again
    run_due()
    return agents(alice.actor).get(name=NAME)


def test_first_questions_are_answered_and_others_refused(demonstration: Agent, alice: Person) -> None:
    names = [document.name for document in documents(alice.actor, demonstration)]
    assert sorted(names) == ["commands.md", "guide/administrator.md", "guide/user.md", "settings.md"]
    for question, expected in FIRST.items():
        assert expected in _said(alice, demonstration, question), question
    happened = list(ask(actor=alice.actor, agent=demonstration, question="Who won the football world cup in 1974?"))
    assert any(isinstance(item, Refused) for item in happened)


def _said(person: Person, agent: Agent, question: str) -> str:
    happened = ask(actor=person.actor, agent=agent, question=question)
    said = " ".join(item.sentence.text for item in happened if isinstance(item, Said))
    return " ".join(said.split())
