"""Attacker: a file that took its parser over. Move: write an endless result, endless progress, frames that lie about
their length, noise, or words of its own for the person who reads the error. Guarantee: G-60."""

import pytest

from muniment.ingest.errors import Reason
from muniment.ingest.types import Limits
from tests.ingest.stage import Stage, stage  # noqa: F401 - a fixture


@pytest.mark.parametrize("act", ["flood", "lie about length", "babble", "own words"])
def test_what_no_reader_of_ours_says_is_not_heard(stage: Stage, act: str) -> None:  # noqa: F811
    assert stage.attempt(act) == Reason.READER_FAULT


def test_endless_progress_ends_at_the_deadline(stage: Stage) -> None:  # noqa: F811
    assert stage.attempt("flood progress", limits=Limits(max_seconds=1)) == Reason.TOO_SLOW
