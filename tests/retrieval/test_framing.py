import pytest

from muniment.retrieval.analysis import query_terms
from muniment.retrieval.framing import subject


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("How long must records be kept?", {"record", "kept"}),
        ("What does pseudonymisation mean?", {"pseudonymis"}),
        ("Please explain encryption.", {"encrypt"}),
        ("High blood pressure in mice", {"high", "blood", "pressur", "mous"}),
    ],
)
def test_words_that_only_ask_are_not_searched(question: str, terms: set[str]) -> None:
    assert set(query_terms(question, languages=["en"])["en"]) == terms


def test_german_framing_is_not_searched() -> None:
    assert set(query_terms("Wie lange darf man Akten aufbewahren?", languages=["de"])["de"]) == {"akt", "aufbewahr"}


def test_a_question_of_framing_alone_stays_as_it_is() -> None:
    assert subject("How long?") == "How long?"
