"""The model knows no capitals: a word whose capital says nothing is no name, where it is an ordinary one."""

from importlib.resources import files

import pytest

from muniment.pii.types import Selection
from muniment.pii.words import word_list
from tests.pii.finding import EVERYTHING, by_rules, found


@pytest.mark.parametrize(
    "text",
    [
        "Ward",
        "Ferns",
        "Ferns\n\nFerns grow in the shade of old walls.",
        "# Stones and Ferns\n\nThey like it wet.",
        "Subject: Ferns\n\nWater them twice.",
        "Die Pseudonymisierung hilft. Durch Pseudonymisierung wird das Risiko kleiner.",
        "Wie in Kapitel III steht, haben sie ein Recht auf Schadensersatz gemäß Artikel 82.",
    ],
)
def test_an_ordinary_word_is_no_name(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ferns\n\nThe letter of Ms Ferns came late.", {"Ferns"}),
        ("Ivy", {"Ivy"}),
        ("David had given Angel the key.", {"David", "Angel"}),
        ("Margaret Holloway", {"Margaret Holloway"}),
        ("Subject: Margaret Holloway\n\nThe lease was signed.", {"Margaret Holloway"}),
    ],
)
def test_a_name_stays_one(text: str, names: set[str]) -> None:
    assert {words for kind, words in found(text) if kind == "person"} >= names


def test_a_name_alone_is_no_street() -> None:
    assert found("Margaret Holloway") == [("person", "Margaret Holloway")]
    assert [kind for kind, _ in found("She lives at 12 Harbour Lane, Leeds.")] == ["address"]


def test_one_of_many_things_is_no_address() -> None:
    assert found("Piece 279 of the series. The walls of garden 279 are old.") == []
    for text in ("He lives in mill lane 12, Leeds.", "She moved to garden street 12 in Leeds.", "at garden lane 279"):
        assert "address" in {kind for kind, _ in found(text)}


def test_an_abbreviation_and_a_unit_are_no_initials() -> None:
    assert by_rules("Das gilt z. B. Verantwortlichen, und bei 37 °C. Then it cools.", Selection()) == []
    assert by_rules("It was signed by B. Demple.") == [("person", "B. Demple")]


def test_the_list_is_made_as_is_said() -> None:
    """Words of the vocabulary whose plural is one of it too, but for given names."""
    vocabulary = files("muniment.llm.minilm").joinpath("vocab.txt").read_text("utf-8").split("\n")
    words = {word for word in vocabulary if word.isascii() and word.isalpha() and len(word) >= 4}
    given = word_list("given_names")
    singular = {word for word in words if word + "s" in words and word not in given and word + "s" not in given}
    assert word_list("ordinary") == singular | {word + "s" for word in singular}


@pytest.mark.parametrize(
    ("text", "organisation"),
    [
        ("She works for Brightwater and likes it.", "Brightwater"),
        ("Er ist bei der Arbeit, denn er arbeitet bei Hellwig Werke.", "Hellwig Werke"),
        ("The offer of Northgate Technologies came late.", "Northgate Technologies"),
        ("The Brightwater office is closed on Mondays.", "Brightwater"),
        ("It was paid by Harbour Homes Ltd.", "Harbour Homes Ltd."),
    ],
)
def test_organisations_are_known_by_form_trade_and_staff(text: str, organisation: str) -> None:
    assert ("organisation", organisation) in by_rules(text, EVERYTHING)


@pytest.mark.parametrize(
    "text", ["She works for nobody.", "The office is closed.", "He works at night. Services resume."]
)
def test_without_a_name_there_is_no_organisation(text: str) -> None:
    assert by_rules(text, EVERYTHING) == []
