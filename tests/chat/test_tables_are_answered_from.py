"""A row is found by its words and by the names of its columns, and is quoted below these."""

import pytest

from tests.cast import Person
from tests.chat.conftest import knows, said

pytestmark = pytest.mark.django_db(transaction=True)
WARDS = """# Visiting

| Ward | Visiting hours | Visitors at a time |
| --- | --- | --- |
| Seven | 14 to 18 | 3 |
| Eight | 15 to 17 | 2 |
| Nine | 9 to 11 | 1 |
"""
HEADER = "Ward | Visiting hours | Visitors at a time"
BEDS = "# Beds\n\n| Ward | Beds | Nurse in charge |\n| --- | --- | --- |\n"


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What are the visiting hours of ward eight?", "Eight | 15 to 17 | 2"),
        ("How many visitors at a time are allowed on ward seven?", "Seven | 14 to 18 | 3"),
    ],
)
def test_a_row_comes_below_the_names_of_its_columns(alice: Person, question: str, row: str) -> None:
    assert said(alice, knows(alice, WARDS), question) == [HEADER, row]


def test_a_row_far_below_is_understood_too(alice: Person) -> None:
    rows = [f"| {name} | {len(name)} beds by the window and {at} by the wall | {name}a Smith |\n" for at, name in NAMES]
    found = said(alice, knows(alice, BEDS + "".join(rows)), "Who is the nurse in charge of ward Zinnia?")
    assert found == [
        "Ward | Beds | Nurse in charge",
        "Zinnia | 6 beds by the window and 40 by the wall | Zinniaa Smith",
    ]


def test_what_the_table_does_not_hold_is_refused(alice: Person) -> None:
    assert said(alice, knows(alice, WARDS), "Who won the football world cup in 1974?") == []


FLOWERS = (
    "Acacia Anemone Aster Azalea Begonia Bellflower Bluebell Calendula Camellia Carnation Chicory Clematis Clover "
    "Cornflower Cowslip Crocus Cyclamen Daffodil Dahlia Daisy Foxglove Freesia Fuchsia Gardenia Gentian Geranium "
    "Hibiscus Hyacinth Hydrangea Iris Jasmine Lavender Lilac Lotus Lupin Magnolia Marigold Narcissus Orchid Zinnia"
)
NAMES = list(enumerate(FLOWERS.split(), start=1))
