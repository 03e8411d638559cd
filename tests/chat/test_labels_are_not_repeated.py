"""A heading is quoted as a label of the sentence below it only where it says something the sentence does not."""

import pytest

from tests.cast import Person
from tests.chat.conftest import knows, said

pytestmark = pytest.mark.django_db(transaction=True)
HOUSE = """# Visiting

Visitors are welcome on all wards from two in the afternoon to seven in the evening.

# Parking

Parking behind the east wing costs two euros per hour for visitors.

# Garden

Smoking is allowed behind the fountain after sunset.
"""


def test_a_heading_whose_words_the_sentence_says_is_left_out(alice: Person) -> None:
    found = said(alice, knows(alice, HOUSE), "What does parking behind the east wing cost per hour?")
    assert found == ["Parking behind the east wing costs two euros per hour for visitors."]


def test_one_that_says_more_stays(alice: Person) -> None:
    found = said(alice, knows(alice, HOUSE), "When is smoking allowed behind the fountain?")
    assert found == ["Garden", "Smoking is allowed behind the fountain after sunset."]
