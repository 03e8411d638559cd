"""Attacker: a file that took its parser over, or one that makes it loop. Move: use the processor for ever, sleep for
ever, ignore the signal that says that its time is over. Guarantee: G-60."""

import pytest

from muniment.ingest.errors import Reason
from muniment.ingest.types import Limits
from tests.ingest.stage import Stage, stage  # noqa: F401 - a fixture


@pytest.mark.parametrize("act", ["spin", "spin deaf", "sleep"])
def test_it_is_ended_at_its_deadline(stage: Stage, act: str) -> None:  # noqa: F811
    assert stage.attempt(act, limits=Limits(max_seconds=1)) == Reason.TOO_SLOW
