"""Of two sections that share words with the question, the one that speaks of less of it stays out of the answer."""

import pytest

from tests.cast import Person
from tests.chat.conftest import knows, said

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
def test_the_other_section_is_left_out(alice: Person, question: str, answer: list[str]) -> None:
    assert said(alice, knows(alice, WARDS), question) == answer
