"""Attacker: the author of a picture. Move: one that decodes to far more than it weighs, ends early, claims another
format, or takes recognition over to run programs. Guarantee: G-88: recognition happens behind the walls of all reading,
with no right to execute anything; each picture ends as a document or with a reason."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.sandbox.client import Sandbox
from muniment.ingest.sandbox.keeper import ZygoteKeeper
from muniment.ingest.types import Limits
from tests.attacks.test_hostile_files_of_every_format import OURS, survives
from tests.ingest import hostile, pictures
from tests.ingest.stage import PlantedSandbox, Stage, planted_environment

LARGEST = Limits().max_picture


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(recognition=pictures.TESSERACT) as made:
        yield made


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    environment = planted_environment()
    with (
        patch.object(ZygoteKeeper, "_environment", staticmethod(lambda: environment)),
        PlantedSandbox(recognition=pictures.TESSERACT) as made,
    ):
        yield Stage(made)


def _reason(sandbox: Sandbox, data: bytes, limits: Limits | None = None) -> Reason:
    with pytest.raises(ParseError) as caught:
        sandbox.parse([data], name_hint="a.png", limits=limits or Limits(max_seconds=60))
    return caught.value.reason


@pytest.mark.parametrize("size", [(100_000, 100_000), (2**31 - 1, 2**31 - 1), (LARGEST, 2)])
def test_what_would_decode_to_too_much_is_not_decoded(sandbox: Sandbox, size: tuple[int, int]) -> None:
    assert _reason(sandbox, pictures.declared(*size)) in {Reason.PICTURE_TOO_LARGE, Reason.DAMAGED}


def test_one_that_claims_another_format_is_damaged(sandbox: Sandbox) -> None:
    assert _reason(sandbox, b"\xff\xd8\xff" + pictures.SAMPLES["a.png"]) is Reason.DAMAGED
    assert _reason(sandbox, b"\x89PNG\r\n\x1a\n" + pictures.SAMPLES["a.jpg"]) is Reason.DAMAGED


def test_mutated_cut_off_and_misdeclared_ones_end_with_a_reason(sandbox: Sandbox) -> None:
    told = survives(sandbox, hostile.broken(range(3), hostile.PICTURES))
    told += survives(sandbox, hostile.misdeclared(hostile.PICTURES, ("a.txt",)))
    assert {reason for _, reason in told}.isdisjoint(OURS), told
    assert [reason for _, reason in told].count(Reason.DAMAGED) > len(hostile.PICTURES)


def test_what_says_sizes_out_of_all_bounds_ends_with_a_reason(sandbox: Sandbox) -> None:
    told = survives(sandbox, ((name, make()) for name, make in hostile.DRAWN.items()))
    assert {reason for _, reason in told}.isdisjoint(OURS), told


def test_what_recognises_may_start_nothing(stage: Stage) -> None:
    found = stage.sandbox.parse([pictures.SAMPLES["a.png"]], name_hint="a.png")
    assert "Parking" in found.text  # it recognises, in a child of this very zygote
    for act in ("exec", "spawn", "fork", "thread"):
        assert stage.attempt(act) == Reason.FORBIDDEN_ACT
