"""Terms and patterns an owner adds are found; a pattern that cannot be run safely is refused in a sentence."""

import pytest

from muniment.pii.errors import PatternError
from muniment.pii.services import checked_pattern
from muniment.pii.types import Selection
from tests.pii.finding import by_rules


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
