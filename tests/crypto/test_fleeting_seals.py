"""Sealed for the life of the process: in its own place, for a time, and never under a key that is stored."""

from datetime import timedelta

import pytest

from muniment.crypto import fleeting
from muniment.crypto.errors import SealError
from muniment.crypto.fleeting import open_fleeting, seal_fleeting

HOUR = timedelta(hours=1)
PLACE = {"silo": "a", "row": "b", "purpose": "c"}


def test_it_opens_in_its_own_place_alone() -> None:
    text = seal_fleeting(b"words", **PLACE)
    assert open_fleeting(text, **PLACE, within=HOUR) == b"words"
    assert seal_fleeting(b"words", **PLACE) != text
    for name in PLACE:
        with pytest.raises(SealError):
            open_fleeting(text, **{**PLACE, name: "other"}, within=HOUR)


@pytest.mark.parametrize("text", ["", "x", "AAAA", "ä", "====", "A" * 400])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(SealError):
        open_fleeting(text, **PLACE, within=HOUR)


def test_it_ends_with_its_time_and_with_its_process() -> None:
    text = seal_fleeting(b"words", **PLACE)
    with pytest.raises(SealError):
        open_fleeting(text, **PLACE, within=-HOUR)
    fleeting._key.cache_clear()
    with pytest.raises(SealError):
        open_fleeting(text, **PLACE, within=HOUR)
