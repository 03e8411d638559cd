"""Who asks what something is gets the sentence that says it, not one that merely begins with the same word."""

import pytest

from muniment.agents.models import Agent
from muniment.chat.services import ask
from muniment.chat.types import Said
from tests.cast import Person
from tests.chat.conftest import add

RULES = """# Loans

Where a long loan is late, the borrower of the long loan shall be told of it within two weeks.

# Terms

(3) 'long loan' means the handing over of an item for more than a year against a signature.

The seal is a disc of wax with the arms of the town.
"""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is a long loan?", "'long loan' means"),
        ("What does long loan mean?", "'long loan' means"),
        ("What is the seal?", "The seal is a disc of wax"),
    ],
)
def test_the_definition_comes_first(agent: Agent, alice: Person, question: str, expected: str) -> None:
    add(alice, agent, "rules.md", RULES.encode())
    happened = ask(actor=alice.actor, agent=agent, question=question)
    said = [item.sentence.text for item in happened if isinstance(item, Said)]
    first = next(text for text in said if text.endswith("."))  # a heading may stand before it as a label
    assert first.removeprefix("(3) ").startswith(expected), said
