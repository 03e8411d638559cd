"""A question is masked as the documents it is asked of: their names in any form, nothing that they hold in clear."""

from collections.abc import Collection, Mapping

import pytest

from muniment.pii.asking import WorkingQuestion, working_question
from muniment.pii.standins import StandIn, masked, stand_ins
from muniment.pii.types import PiiClass, Selection, Span

STAND_IN = stand_ins(bytes(range(32)))
SELECTION = Selection(contacts=("Oliver Pemberton",))


def person(words: str) -> str:
    return STAND_IN(PiiClass.PERSON, words)


def asked(
    question: str,
    *found: tuple[str, PiiClass],
    names: Collection[str] = (),
    clear: Mapping[str, int] | None = None,
    stand_in: StandIn = STAND_IN,
) -> WorkingQuestion:
    """`found` in the question by a detector; the documents hold `names` as such, once each, and `clear` in clear."""
    held = dict.fromkeys((person(name.lower()) for name in names), 1) | dict(clear or {})
    spans = [Span(at, at + len(words), kind, 0.8) for words, kind in found if (at := question.index(words)) >= 0]
    return working_question(
        question,
        spans,
        selection=SELECTION,
        stand_in=stand_in,
        held=lambda words: {word: held.get(word.lower(), 0) for word in words},
    )


def test_a_name_that_no_detector_saw_is_known_from_the_documents() -> None:
    holloway = person("holloway")
    assert asked("who is holloway", names=["Holloway"]).text == f"who is {holloway}"
    assert asked("Where is Holloway's desk?", names=["Holloway"]).text == f"Where is {person('Holloway')}'s desk?"
    assert asked("who is holloway").text == "who is holloway"


def test_pairs_lead_back_to_what_was_typed() -> None:
    question = asked("who is holloway", names=["Holloway"])
    assert question.pairs == {person("holloway"): "holloway"}


def test_a_name_nobody_holds_is_replaced_where_it_was_found() -> None:
    question = "Who is Ada Lovelace?"
    assert asked(question, ("Ada Lovelace", PiiClass.PERSON)).text == f"Who is {person('Ada')} {person('Lovelace')}?"


def test_what_the_documents_hold_in_clear_stays() -> None:
    question = "Who is the Controller?"
    assert asked(question, ("Controller", PiiClass.PERSON), clear={"controller": 50}).text == question
    assert (
        asked(question, ("Controller", PiiClass.PERSON), names=["controller"], clear={"controller": 50}).text
        == question
    )
    assert asked(question, names=["controller"], clear={"controller": 50}).text == question


def test_a_common_word_written_small_is_a_name_beside_one() -> None:
    names, clear = ["will", "holloway"], {"will": 90}
    assert asked("when will it open?", names=names, clear=clear).text == "when will it open?"
    both = asked("what does will holloway do?", names=names, clear=clear).text
    assert both == f"what does {person('will')} {person('holloway')} do?"
    assert asked("who is young", names=["young"]).text == f"who is {person('young')}"


def test_words_around_a_name_stay() -> None:
    question = "Which key does Margaret Holloway keep?"
    found = ("Margaret Holloway keep", PiiClass.ADDRESS)
    known = asked(question, found, names=["margaret", "holloway"], clear={"keep": 3}).text
    assert known == f"Which key does {person('Margaret')} {person('Holloway')} keep?"
    hidden = asked(question, found, clear={"keep": 3}, stand_in=masked)
    assert hidden == WorkingQuestion("Which key does [ADDRESS] keep?")


def test_a_contact_stays() -> None:
    assert asked("who is oliver pemberton?", names=["pemberton"]).text == "who is oliver pemberton?"
    assert asked("who is pemberton?", names=["pemberton"]).text == f"who is {person('pemberton')}?"


def test_other_personal_data_is_replaced_whole() -> None:
    question = "Whose is jo@example.org?"
    assert asked(question, ("jo@example.org", PiiClass.EMAIL)).text == (
        f"Whose is {STAND_IN(PiiClass.EMAIL, 'jo@example.org')}?"
    )


@pytest.mark.parametrize("kind", [PiiClass.PERSON, PiiClass.ADDRESS, PiiClass.ORGANISATION])
def test_a_bare_name_is_masked_as_the_documents_hold_names(kind: PiiClass) -> None:
    """In a document it is [PERSON]; alone in a question the detector takes it for a street or a firm."""
    people = {"[person]": 3, "[address]": 2, "[organisation]": 1}
    asked_for = asked("Margaret Holloway", ("Margaret Holloway", kind), clear=people, stand_in=masked)
    assert asked_for == WorkingQuestion("[PERSON]")


def test_what_says_what_it_is_keeps_its_class() -> None:
    people = {"[person]": 3, "[address]": 2, "[organisation]": 1, "[place]": 1}
    for words, kind in (
        ("Harbour Lane", PiiClass.ADDRESS),
        ("12 Harbour", PiiClass.ADDRESS),
        ("Harbour Homes Ltd", PiiClass.ORGANISATION),
        ("Leeds", PiiClass.PLACE),
    ):
        assert asked(words, (words, kind), clear=people, stand_in=masked).text == masked(kind, words)


def test_a_name_is_masked_as_what_the_documents_hold_where_they_hold_no_person() -> None:
    streets = asked("Holloway", ("Holloway", PiiClass.PERSON), clear={"[address]": 2}, stand_in=masked)
    nothing = asked("Holloway", ("Holloway", PiiClass.PERSON), stand_in=masked)
    assert (streets.text, nothing.text) == ("[ADDRESS]", "[PERSON]")
