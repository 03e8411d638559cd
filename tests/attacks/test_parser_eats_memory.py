"""Attacker: a file that took its parser over. Move: eat memory by growing, by mapping, by address space that costs
nothing until it is touched. Guarantee: G-60."""

import errno

import pytest

from muniment.ingest.errors import Reason
from muniment.ingest.types import Limits
from tests.ingest.stage import Stage, stage  # noqa: F401 - a fixture

SMALL = Limits(max_memory=64 * 2**20)


@pytest.mark.parametrize(("act", "reason"), [("grow", Reason.TOO_MUCH_MEMORY), ("map and touch", Reason.READER_FAULT)])
def test_memory_ends_at_its_limit(stage: Stage, act: str, reason: Reason) -> None:  # noqa: F811
    assert stage.attempt(act, limits=SMALL) == reason


def test_address_space_ends_at_its_limit(stage: Stage) -> None:  # noqa: F811
    assert stage.attempt("map", limits=SMALL) == f"refused {errno.ENOMEM}"


def test_as_much_as_the_limit_allows_is_given(stage: Stage) -> None:  # noqa: F811
    assert stage.attempt("map", limits=Limits(max_memory=2**41)).startswith("succeeded")
