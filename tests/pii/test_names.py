"""Names by the model, joined whole, and followed through a text."""

from muniment.pii.detection import detect
from muniment.pii.types import PiiClass, Selection, Tag
from tests.pii.finding import found, told

LETTER = (
    "The agreement was signed by Margaret Holloway for the council. Holloway's deputy, Priya Raman, disagreed.\n"
    "Later margaret\nholloway wrote: ask holloway. Raman was away."
)


def _people(text: str) -> list[str]:
    return [words for kind, words in found(text) if kind == "person"]


def test_a_name_is_one_span() -> None:
    assert "Margaret Holloway" in _people(LETTER)
    assert "Priya Raman" in _people(LETTER)


def test_a_name_is_found_by_surname_genitive_small_and_over_a_line_break() -> None:
    covered = " ".join(_people(LETTER)).lower()
    assert covered.count("holloway") == 4
    assert covered.count("raman") == 2


def test_german_names_are_found() -> None:
    text = "Wir haben mit Frau Schmidt-Hofer und Jürgen Klopp gesprochen; Klopps Vertrag läuft aus."
    assert {"Schmidt-Hofer", "Jürgen Klopp", "Klopp"} <= set(_people(text))


def test_a_regulation_has_no_names() -> None:
    text = "Member States shall ensure that each supervisory authority acts with complete independence (Article 52)."
    assert found(text) == []


def test_a_word_written_small_more_often_is_no_name() -> None:
    tagged = [Tag(0, 8, "GIVEN_NAME", 0.9), Tag(9, 14, "SURNAME", 0.9)]  # type: ignore[arg-type]
    text = "Arginine Falls. Then arginine and arginine and arginine. Falls again."
    spans = detect(text, tagger=lambda _, **__: tagged, selection=Selection(classes=frozenset({PiiClass.PERSON})))
    assert told(text, spans) == [("person", "Arginine Falls"), ("person", "Falls")]
