"""A text of questions and answers: what answers stands below the question that repeats what was asked."""

import pytest

from muniment.agents.models import Agent
from muniment.chat.answering.headlines import headlines
from muniment.chat.services import ask
from muniment.chat.types import Said
from muniment.ingest.sentences import sentences
from tests.cast import Person
from tests.chat.conftest import add

ASKED = "Where are my keys?"

GUIDE = """\
# The archive

## Where are my keys?

They lie in the folder beside the home. Nobody else holds a copy of them.

## How long are loans?

Three weeks. Once they may be prolonged.
"""


def test_the_sentence_below_the_question_is_said_and_not_the_question(agent: Agent, alice: Person) -> None:
    add(alice, agent, "guide.md", GUIDE.encode())
    happened = ask(actor=alice.actor, agent=agent, question=ASKED)
    said = [item.sentence.text for item in happened if isinstance(item, Said)]
    assert said[0] == "They lie in the folder beside the home."
    assert ASKED not in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Opening hours\n\nFrom nine to five. Not on Sunday.", [0, 0, 0]),
        ("Nothing stands above this. Nor this.", [None, None]),
        ("A line that ends as a sentence does.\n\nAnother.", [None, None]),
        ("The last line has nothing below it.\n\nOpening hours", [None, None]),
        ("Name | Hours\nDesk | nine to five\n\nSunday\n\nClosed all day.", [None, None, 2, 2]),
    ],
)
def test_a_headline_is_a_short_line_alone_with_something_below_it(text: str, expected: list[int | None]) -> None:
    assert headlines(text, sentences(text)) == expected
