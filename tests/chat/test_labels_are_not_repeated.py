"""A heading is quoted as a label of the sentence below it only where it says something the sentence does not."""

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.chat.services import ask
from muniment.chat.types import Said
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
HOUSE = """# Visiting

Visitors are welcome on all wards from two in the afternoon to seven in the evening.

# Parking

Parking behind the east wing costs two euros per hour for visitors.

# Garden

Smoking is allowed behind the fountain after sunset.
"""


@pytest.fixture
def agent(alice: Person) -> Agent:
    made = create_agent(actor=alice.actor, name="House")
    add_document(actor=alice.actor, agent=made, name="house.md", source=[HOUSE.encode()])
    run_due()
    return made


def said(person: Person, agent: Agent, question: str) -> list[str]:
    events = ask(actor=person.actor, agent=agent, question=question)
    return [event.sentence.text for event in events if isinstance(event, Said)]


def test_a_heading_whose_words_the_sentence_says_is_left_out(alice: Person, agent: Agent) -> None:
    found = said(alice, agent, "What does parking behind the east wing cost per hour?")
    assert found == ["Parking behind the east wing costs two euros per hour for visitors."]


def test_one_that_says_more_stays(alice: Person, agent: Agent) -> None:
    found = said(alice, agent, "When is smoking allowed behind the fountain?")
    assert found == ["Garden", "Smoking is allowed behind the fountain after sunset."]
