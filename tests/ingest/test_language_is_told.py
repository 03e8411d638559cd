"""The language a text is stemmed in: told from its words, outside of the sandbox."""

import pytest

from muniment.ingest.language import identify
from muniment.ingest.sandbox.client import Sandbox

ENGLISH = "The controller shall notify the personal data breach to the supervisory authority without undue delay."
GERMAN = "Der Verantwortliche meldet die Verletzung des Schutzes personenbezogener Daten unverzüglich der Behörde."
UKRAINIAN = "Контролер повідомляє наглядовий орган про порушення захисту персональних даних без зайвої затримки."
NORWEGIAN = "Den behandlingsansvarlige skal uten ugrunnet opphold melde bruddet på personopplysningssikkerheten."


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (GERMAN, "de"), (NORWEGIAN, "no")])
def test_a_language_with_a_stemmer_is_told(text: str, language: str) -> None:
    assert identify(text) == language


def test_a_language_without_one_is_not_taken_for_its_neighbour() -> None:
    assert identify(UKRAINIAN) is None


def test_too_few_letters_tell_nothing() -> None:
    assert identify(ENGLISH[:50]) is None
    assert identify("1 2 3 4 5 6 7 8 9 " * 40) is None


def test_of_a_long_text_the_whole_counts() -> None:
    assert identify(f"{ENGLISH}\n\n" + f"{GERMAN}\n\n" * 200) == "de"


def test_it_is_told_of_what_the_sandbox_read() -> None:
    with Sandbox() as sandbox:
        assert sandbox.parse([GERMAN.encode()], name_hint="a.txt").language == "de"
