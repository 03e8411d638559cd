"""A text too short for its language to be told is answered from, and refuses what it does not hold."""

import pytest

from tests.cast import Person
from tests.chat.conftest import knows, said

pytestmark = pytest.mark.django_db(transaction=True)
NOTE = "Ferns: third cabinet, left."
GERMAN = "Die Farne stehen im dritten Schrank."


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (NOTE, "Where are the ferns?"),
        ("The herbarium keeps its ferns in the third cabinet.", "Where does the herbarium keep its ferns?"),
        (GERMAN, "Wo stehen die Farne?"),
    ],
)
def test_what_it_says(alice: Person, text: str, question: str) -> None:
    assert said(alice, knows(alice, text), question) == [text]


def test_what_it_does_not_say(alice: Person) -> None:
    assert said(alice, knows(alice, NOTE), "Who feeds the goldfish on Sundays?") == []
