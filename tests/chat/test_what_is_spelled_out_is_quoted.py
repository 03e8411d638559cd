"""What a sentence names and the next one lists belongs into the answer: the list is what was asked for."""

import pytest

from tests.cast import Person
from tests.chat.conftest import knows, said

pytestmark = pytest.mark.django_db(transaction=True)
RECORDS = """# Records

Each controller shall maintain a record of processing activities under its responsibility. {}

(a) the name and contact details of the controller;

(b) the purposes of the processing.

The obligations shall not apply to small enterprises.
"""
QUESTION = "Which record of processing activities shall a controller maintain?"


def test_a_list_that_says_what_it_holds(alice: Person) -> None:
    agent = knows(alice, RECORDS.format("That record shall contain all of the following information:"))
    assert said(alice, agent, QUESTION) == [
        "Each controller shall maintain a record of processing activities under its responsibility.",
        "That record shall contain all of the following information:",
        "(a) the name and contact details of the controller;",
        "(b) the purposes of the processing.",
    ]


def test_not_a_list_of_something_else(alice: Person) -> None:
    agent = knows(alice, RECORDS.format("Small enterprises are those that meet both of these conditions:"))
    assert said(alice, agent, QUESTION) == [
        "Each controller shall maintain a record of processing activities under its responsibility."
    ]
