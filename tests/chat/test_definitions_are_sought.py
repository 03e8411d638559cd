"""Who asks what something is gets what defines it, though every passage holds the words of the question."""

import pytest

from muniment.chat.answering.definitions import definition_sought
from tests.cast import Person
from tests.chat.conftest import knows, said

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


@pytest.mark.django_db(transaction=True)
def test_the_definition_is_the_whole_answer(alice: Person) -> None:
    found = said(alice, knows(alice, f"{RULES}\n\n{TERMS}"), "What is personal data?")
    assert found == ["For these rules:", "(2) 'personal data' means what tells of a person;"]
