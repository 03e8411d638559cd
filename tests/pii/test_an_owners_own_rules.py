"""Terms and patterns an owner adds are found; a pattern that cannot be run safely is refused in a sentence."""

import pytest

from muniment.pii.detection import detect
from muniment.pii.errors import PatternError
from muniment.pii.services import checked_pattern
from muniment.pii.standins import replaced, stand_ins
from muniment.pii.types import Label, PiiClass, Selection, Tag
from tests.pii.finding import by_rules, found


def test_terms_are_whole_words_in_any_case() -> None:
    chosen = Selection(terms=("Project Nightjar", "C++"))
    assert by_rules("PROJECT\n  nightjar is not projects; c++ is.", chosen) == [
        ("custom", "PROJECT\n  nightjar"),
        ("custom", "c++"),
    ]


def test_patterns_are_found() -> None:
    assert by_rules("file AZ-2041/7 and AZ-x", Selection(patterns=(r"AZ-\d+/\d",))) == [("custom", "AZ-2041/7")]


@pytest.mark.parametrize("pattern", ["(", r"(?<=a)b", r"(a)\1", "x" * 2_000, "(?:(?:a{1000}){1000}){1000}"])
def test_what_cannot_run_in_linear_time_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError, match="pattern"):
        checked_pattern(pattern)


def test_an_ordinary_pattern_is_taken() -> None:
    assert checked_pattern(r"KD-\d{6}") == r"KD-\d{6}"


HOLLOWAY = Selection(listed=(("Margaret Holloway", PiiClass.PERSON),))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Seen by margaret holloway.", ["margaret holloway"]),
        ("Holloway's letter came.", ["Holloway"]),
        ("Die Akte Holloways liegt vor.", ["Holloway"]),
        ("who is holloway?", ["holloway"]),
        ("Margaret\nHolloway signed.", ["Margaret\nHolloway"]),
        ("The hollow way is closed.", []),
    ],
)
def test_a_listed_person_is_found_in_every_form(text: str, words: list[str]) -> None:
    assert by_rules(text, HOLLOWAY) == [("person", word) for word in words]


def test_a_listed_person_has_the_stand_in_of_a_found_one() -> None:
    stand_in = stand_ins(b"k" * 32)
    full = stand_in(PiiClass.PERSON, "Margaret Holloway").split()
    text = "Dr. Margaret Holloway wrote. Holloway's letter came. who is holloway?"
    working = replaced(text, detect(text, tagger=None, selection=HOLLOWAY), stand_in)
    assert working == f"Dr. {' '.join(full)} wrote. {full[1]}'s letter came. who is {full[1].lower()}?"


def test_what_is_listed_is_found_also_where_its_class_is_off() -> None:
    chosen = Selection(listed=(("Amber Court", PiiClass.ORGANISATION),))
    assert by_rules("We moved to Amber Court in May.", chosen) == [("organisation", "Amber Court")]


def test_what_was_taken_for_one_with_a_listed_word_is_what_it_is_alone() -> None:
    """Without the rule the model takes "Amber Court. Holloway" for an address."""
    text = (
        "Dear Dr. Margaret Holloway,\n\nyour card 4111 1111 1111 1111 was found at the desk of Amber Court. Holloway's "
        "deputy may fetch it there.\n"
    )
    assert ("address", "Amber Court. Holloway") in found(text)
    chosen = Selection(listed=(("Amber Court", PiiClass.ORGANISATION),))
    assert found(text, chosen) == [
        ("person", "Margaret Holloway"),
        ("card", "4111 1111 1111 1111"),
        ("organisation", "Amber Court"),
        ("person", "Holloway"),
    ]


def test_a_name_that_is_a_common_word_is_none_where_it_is_small() -> None:
    chosen = Selection(listed=(("Brown", PiiClass.PERSON),))
    assert by_rules("Brown wore a brown coat.", chosen) == [("person", "Brown")]


def test_the_owners_class_beats_the_rules() -> None:
    chosen = Selection(listed=(("Dr. Amber", PiiClass.ORGANISATION),))
    assert by_rules("Dr. Amber opens at nine.", chosen) == [("organisation", "Dr. Amber")]


def test_a_wrong_find_is_found_no_more_and_spreads_no_further() -> None:
    text = "Dear Herbarium Kewell,\nthe Kewell is open. Dr. Margaret Holloway."
    assert ("person", "Kewell") in by_rules(text)
    assert by_rules(text, Selection(never=("Herbarium Kewell",))) == [("person", "Margaret Holloway")]


def test_a_contact_is_spared_with_the_sign_behind_it_and_no_further() -> None:
    text = "Write to desk@museum.example. Dear Amber,"
    tags = [Tag(text.index("Amber"), text.index("Amber") + 6, Label.GIVEN_NAME, 0.9)]
    spared = Selection(contacts=("desk@museum.example", "Amber"))
    assert detect(text, tagger=lambda *_, **__: tags, selection=spared) == ()
    longer = Selection(contacts=("museum.example",))
    assert [span.kind for span in detect(text, tagger=None, selection=longer)][:1] == [PiiClass.EMAIL]


def test_every_rule_of_an_owner_reaches_the_detector() -> None:
    """By the door that every room uses, whichever process looks."""
    chosen = Selection(
        terms=("Nightjar",),
        patterns=(r"KD-\d{4}",),
        contacts=("info@archive.example",),
        listed=(("Amber Court", PiiClass.ORGANISATION),),
        never=("Kewell",),
    )
    text = "Nightjar, KD-2041, info@archive.example, Amber Court, Dear Kewell,"
    assert found(text, chosen) == [("custom", "Nightjar"), ("custom", "KD-2041"), ("organisation", "Amber Court")]
