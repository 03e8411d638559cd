"""Stand-ins in an answer become what they stand for, whatever a model made of them; nothing else changes."""

from hypothesis import given
from hypothesis import strategies as st

from muniment.pii.restoring import restored
from muniment.pii.standins import stand_ins
from muniment.pii.types import PiiClass

STAND_IN = stand_ins(bytes(range(32)))


def _pairs(*names: str) -> dict[str, str]:
    return {_word(name): name for name in names}


def _word(name: str) -> str:
    return STAND_IN(PiiClass.PERSON, name)


def test_names_come_back_whole_and_in_parts() -> None:
    pairs = _pairs("Margaret Holloway", "Jan van der Berg", "O'Brien")
    met = f"{_word('Margaret Holloway')} met {_word('Berg')}"
    text = f"{met}, {_word('Margaret')} and {_word('jan van der berg')} {_word('o')}"
    assert restored(text, pairs) == "Margaret Holloway met Berg, Margaret and Jan van der Berg O"


def test_endings_and_capitals_are_those_of_the_text() -> None:
    pairs = _pairs("Holloway", "Müller")
    name, other = _word("Holloway"), _word("Müller")
    text = f"{name}'s, {name}\u2019s, {name}s, {name.upper()} and {other}s, {name}-{other}; {name}ing"
    assert restored(text, pairs) == (
        f"Holloway's, Holloway\u2019s, Holloways, HOLLOWAY and Müllers, Holloway-Müller; {name}ing"
    )


def test_a_name_that_ends_in_s_is_whole_also_where_the_model_dropped_it() -> None:
    pairs = _pairs("Thomas Jones")
    given, surname = _word("Thomas Jones").split()
    assert restored(f"{given} {surname}", pairs) == "Thomas Jones"
    assert restored(f"{given[:-1]} {surname[:-1]}'s", pairs) == "Thomas Jones's"


def test_marks_come_back_as_they_were_written() -> None:
    mark = STAND_IN(PiiClass.EMAIL, "jo@example.org")
    pairs = {mark: "jo@example.org"}
    assert restored(f"{mark}, {mark.lower()}; {mark[1:-1]}", pairs) == f"jo@example.org, jo@example.org; {mark[1:-1]}"


def test_a_name_over_the_end_of_a_line_is_one_word() -> None:
    assert restored(_word("Hollo-\nway"), {_word("Hollo-\nway"): "Hollo-\nway"}) == "Holloway"


def test_what_no_pair_knows_stays() -> None:
    unknown = _word("Holloway")
    assert restored(f"{unknown} [EMAIL-2ABCDEFG] [PERSON]", _pairs("Raman")) == f"{unknown} [EMAIL-2ABCDEFG] [PERSON]"


@given(st.text(st.characters(categories=["L", "P", "Zs", "Nd"]), max_size=60))
def test_a_text_without_stand_ins_is_unchanged(text: str) -> None:
    assert restored(text, _pairs("Margaret Holloway")) == text


@given(st.text("ABCDEFGabcdefgsüéß", min_size=1, max_size=12))
def test_any_name_comes_back(name: str) -> None:
    assert restored(f"It is {_word(name)}.", {_word(name): name}) == f"It is {name}."
