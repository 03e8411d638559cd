import pytest

from evaluations.answers.gdpr import TOPIC_SWITCHES
from muniment.chat.answering.followups import carry_over
from muniment.chat.types import Turn


def _searched(before: str, following: str) -> str:
    return carry_over(following, [Turn(before, before, "")]).searched_for


@pytest.mark.parametrize(
    ("before", "following", "searched"),
    [
        ("What must a controller record?", "And for processors?", "What must processors record?"),
        ("What is the right to rectification?", "And erasure?", "What is the right to erasure?"),
        ("What are the tasks of the authority?", "And its powers?", "What are the powers of the authority?"),
        ("What is the right of access?", "And the right to object?", "What is the right to object?"),
        ("When was the bridge in Cologne built?", "And in Berlin?", "When was the bridge in Berlin built?"),
        ("Who may delete documents?", "And conversations?", "Who may delete conversations?"),
        ("How do I delete an agent?", "What about a document?", "How do I delete a document?"),
        (
            "Was muss ein Verantwortlicher melden?",
            "Und Auftragsverarbeiter?",
            "Was muss ein Auftragsverarbeiter melden?",
        ),
    ],
)
def test_what_is_named_takes_the_place_of_its_kind(before: str, following: str, searched: str) -> None:
    assert _searched(before, following) == searched


@pytest.mark.parametrize(
    ("before", "following", "carried"),
    [
        ("What does parking cost?", "And for staff?", "parking"),
        ("What does parking cost?", "Why?", "parking"),
        ("What must an impact assessment contain?", "When is it required?", "assessment"),
        ("Is smoking allowed in the garden?", "And on the balcony?", "smoking"),
    ],
)
def test_where_no_place_is_clear_the_words_of_both_are_searched(before: str, following: str, carried: str) -> None:
    searched = _searched(before, following)
    assert searched.startswith(following)
    assert carried in searched


@pytest.mark.parametrize(("before", "following"), TOPIC_SWITCHES)
def test_a_new_topic_drags_nothing_along(before: str, following: str) -> None:
    assert _searched(before, following) == following


def test_a_first_question_stands_alone() -> None:
    assert carry_over("And for processors?", []).searched_for == "And for processors?"
