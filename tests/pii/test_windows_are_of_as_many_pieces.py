"""What the model reads at once is as many of its pieces in every language, and as many characters at most."""

from itertools import pairwise

import pytest

from muniment.pii.rampart.tagger import Rampart
from muniment.pii.rampart.windows import LONGEST, SHORTEST, windows

ENGLISH = "The council met on Monday and the clerk read out what had been agreed. "
GERMAN = "Die Rechtsaufsichtsbehörde beschloss die Geschäftsordnungsänderung einstimmig. "


@pytest.fixture(scope="module")
def tagger() -> Rampart:
    return Rampart(threads=1)


def _read_at_once(tagger: Rampart, text: str) -> int:
    """Characters between two words about how far it is, at most."""
    starts: list[int] = []
    tagger(text, watch=lambda done, _: starts.append(done))
    return max(later - earlier for earlier, later in pairwise(starts))


def test_words_of_many_pieces_are_read_in_shorter_windows(tagger: Rampart) -> None:
    english, german = _read_at_once(tagger, ENGLISH * 40), _read_at_once(tagger, GERMAN * 40)
    assert LONGEST * 3 // 4 < english <= LONGEST
    assert SHORTEST * 4 // 9 < german < LONGEST * 3 // 4


def test_a_window_is_never_too_short_to_hold_a_sentence(tagger: Rampart) -> None:
    """Signs of which each is a piece: an even price would cut every sentence in two."""
    assert _read_at_once(tagger, "§%&/()=?" * 300) == SHORTEST


@pytest.mark.parametrize("longest", [SHORTEST, 640, LONGEST])
def test_windows_cover_the_text_and_none_is_longer(longest: int) -> None:
    text = GERMAN * 50 + "x" * 2000
    spans = list(windows(text, longest=longest))
    assert max(end - start for start, end in spans) <= longest
    assert "".join(text[start:end] for start, end in spans) == text
