"""Who asks what something is gets what defines it, though every passage holds the words of the question."""

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.chat.answering.definitions import definition_sought
from muniment.chat.services import ask
from muniment.chat.types import Said
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from tests.cast import Person

RULES = "\n\n".join(
    f"# Rule {number}\n\nWhere personal data are kept in room {number}, the keeper of personal data is to look after "
    f"the personal data of the persons whose personal data are kept there, and tell them where their personal data are."
    for number in range(1, 40)
)
TERMS = """# Terms

For these rules:

(1) 'keeper' means who holds a key;

(2) 'personal data' means what tells of a person;
"""


@pytest.mark.parametrize(
    ("question", "sought"),
    [
        ("What is personal data?", "personal data means definition"),
        ("what does 'controller' mean", "'controller' means definition"),
        ("Who are the joint controllers?", "joint controllers means definition"),
        (
            "Was versteht man unter personenbezogenen Daten?",
            "personenbezogenen Daten bezeichnet Begriffsbestimmung Definition",
        ),
        ("What is the postal address of the secretariat of the European Data Protection Board?", None),
        ("What must a controller record?", None),
        ("What is " + "so " * 5_000 + "long?", None),
    ],
)
def test_a_short_name_of_something_is_sought(question: str, sought: str | None) -> None:
    assert definition_sought(question) == sought


@pytest.fixture
def agent(alice: Person) -> Agent:
    made = create_agent(actor=alice.actor, name="Rules")
    add_document(actor=alice.actor, agent=made, name="rules.md", source=[f"{RULES}\n\n{TERMS}".encode()])
    run_due()
    return made


@pytest.mark.django_db(transaction=True)
def test_the_definition_is_the_whole_answer(alice: Person, agent: Agent) -> None:
    events = ask(actor=alice.actor, agent=agent, question="What is personal data?")
    said = [event.sentence.words for event in events if isinstance(event, Said)]
    assert said == ["For these rules:", "(2) 'personal data' means what tells of a person;"]
