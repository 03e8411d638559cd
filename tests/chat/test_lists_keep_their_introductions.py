import pytest

from muniment.chat.answering.lists import introductions, without_marker
from muniment.ingest.sentences import sentences


def _introduced(text: str) -> dict[str, str | None]:
    spans = sentences(text)
    words = [" ".join(text[start:end].split()) for start, end in spans]
    return {word: None if at is None else words[at] for word, at in zip(words, introductions(text, spans), strict=True)}


def test_items_belong_to_the_sentence_that_ends_with_a_colon() -> None:
    text = "1.   The record shall contain:\n\n(a)\n\nthe name;\n\n(b)\n\nthe purposes.\n\n2.   Records are in writing."
    assert _introduced(text) == {
        "1. The record shall contain:": None,
        "(a) the name;": "1. The record shall contain:",
        "(b) the purposes.": "1. The record shall contain:",
        "2. Records are in writing.": None,
    }


def test_items_of_items_lead_to_the_item_above() -> None:
    text = "It holds:\n\n(a) two things:\n\n(i) one;\n\n(ii) two;\n\n(b) a third.\n\nThat is all."
    found = _introduced(text)
    assert found["(a) two things:"] == "It holds:"
    assert found["(ii) two;"] == "(a) two things:"
    assert found["(b) a third."] == "It holds:"
    assert found["That is all."] is None


@pytest.mark.parametrize("letters", ["ghij", "uvwx"])
def test_letters_that_look_roman_go_on_with_their_list(letters: str) -> None:
    text = "It holds:\n\n" + "\n\n".join(f"({letter}) thing {letter};" for letter in letters)
    assert set(_introduced(text).values()) == {None, "It holds:"}


def test_a_second_sentence_of_an_item_stays_in_the_list() -> None:
    found = _introduced("Bring:\n\n- a towel. It must be clean.\n\n- soap.")
    assert found["It must be clean."] == "Bring:"


def test_bullets_and_plain_lines() -> None:
    assert _introduced("Bring:\n\n* a towel\n\n* soap")["* soap"] == "Bring:"
    assert _introduced("Two rules:\n\nbe kind;\n\nEverything else follows.")["Everything else follows."] is None


def test_the_marker_is_no_word_of_its_sentence() -> None:
    assert without_marker("(a)\n\nthe name;") == "the name;"
    assert without_marker("A name.") == "A name."
