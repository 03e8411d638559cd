"""Attacker: the author of a document. Move: writes an address so that people and models read it and rules do not: with
invisible characters, letters of another script, digits of another, a word broken at the line's end. Guarantee: G-71.
"""

import pytest

from tests.pii.finding import by_rules, found

PLAIN = "Write to peter.holt@example.org or pay GB29NWBK60161331926819 today."


def _spread(sign: str) -> str:
    """The sign after each letter and digit."""
    return "".join(character + sign if character.isalnum() else character for character in PLAIN)


def _swapped(letters: str, others: str) -> str:
    return PLAIN.translate(str.maketrans(letters, others))


def _shifted(letters: str, distance: int) -> str:
    """The same letters in another block of Unicode."""
    return "".join(chr(ord(letter) + distance) for letter in letters)


DISGUISED = {
    "zero width": _spread("\u200b"),
    "joiner": _spread("\u200d"),
    "soft hyphen": _spread("\u00ad"),
    "tag characters": _spread("\U000e0041"),
    "variation selector": _spread("\ufe0f"),
    "right-to-left mark": _spread("\u200f"),
    "Cyrillic letters": _swapped("eopacx", "\u0435\u043e\u0440\u0430\u0441\u0445"),
    "Greek letters": _swapped("oBK", "\u03bf\u0392\u039a"),
    "full width": _swapped("abcdeGBNWK0123456789@", _shifted("abcdeGBNWK0123456789@", 0xFF01 - 0x21)),
    "Arabic digits": _swapped("0123456789", _shifted("0123456789", 0x0660 - ord("0"))),
    "mathematical letters": _swapped("peterhol", _shifted("peterhol", 0x1D41A - ord("a"))),
}


def test_undisguised_it_is_found() -> None:
    assert by_rules(PLAIN) == [("email", "peter.holt@example.org"), ("iban", "GB29NWBK60161331926819")]


@pytest.mark.parametrize("text", DISGUISED.values(), ids=DISGUISED)
def test_disguised_it_is_found_in_the_same_place(text: str) -> None:
    assert text != PLAIN
    first, second = by_rules(text)
    assert first[0] == "email"
    assert second[0] == "iban"
    rest = text.replace(first[1], "").replace(second[1], "")
    assert "x" not in rest.replace("Write", "")
    assert not any(character.isdigit() for character in rest)


def test_a_name_broken_at_the_end_of_a_line_is_found() -> None:
    text = "It was signed by Margaret Hollo-\nway, the chair."
    assert found(text) == [("person", "Margaret Hollo-\nway")]


def test_a_name_with_a_cyrillic_letter_is_found() -> None:
    text = "It was signed by M\u0430rgaret H\u043ellow\u0430y, the chair."
    assert found(text) == [("person", "M\u0430rgaret H\u043ellow\u0430y")]
