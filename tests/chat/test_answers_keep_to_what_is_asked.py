"""Of two sections that share words with the question, the one that speaks of less of it stays out of the answer."""

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.chat.services import ask
from muniment.chat.types import Said
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
WARDS = """# Visiting hours of ward 7

Visitors are welcome on ward 7 from two to six.

# How much is parking at ward 7?

Parking costs 8 euros per hour.

# Visiting hours of ward 8

Visitors are welcome on ward 8 from three to five.

# How much is parking at ward 8?

Parking costs 9 euros per hour.
"""


@pytest.fixture
def agent(alice: Person) -> Agent:
    made = create_agent(actor=alice.actor, name="Wards")
    add_document(actor=alice.actor, agent=made, name="wards.md", source=[WARDS.encode()])
    run_due()
    return made


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How much is parking at ward 7?", ["Parking costs 8 euros per hour."]),
        ("How much is parking at ward 8?", ["Parking costs 9 euros per hour."]),
        (
            "When may ward 8 be visited?",
            ["Visiting hours of ward 8", "Visitors are welcome on ward 8 from three to five."],
        ),
    ],
)
def test_the_other_section_is_left_out(alice: Person, agent: Agent, question: str, answer: list[str]) -> None:
    events = ask(actor=alice.actor, agent=agent, question=question)
    assert [event.sentence.words for event in events if isinstance(event, Said)] == answer
