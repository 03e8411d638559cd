"""Attacker: the author of any file, with patience: the files of tests/attacks/test_hostile_files_of_every_format.py and
test_pictures_that_attack.py, in many more rounds. Guarantees: G-60, G-88."""

from collections.abc import Iterator, Mapping

import pytest

from muniment.ingest.errors import Reason
from muniment.ingest.sandbox.client import Sandbox
from muniment.ingest.sandbox.keeper import Recognition
from tests.attacks.test_hostile_files_of_every_format import survives
from tests.ingest import hostile, pictures
from tests.ingest.samples import SAMPLES

EVERY_PICTURE = hostile.PICTURES | hostile.MORE_PICTURES


def _few_faults(files: Iterator[tuple[str, bytes]], recognition: Recognition | None = None) -> None:
    """A fault of a reader is what no parser foresaw, and its child held."""
    with Sandbox(recognition=recognition) as sandbox:
        told = survives(sandbox, files)
    reasons = [reason for _, reason in told]
    assert {Reason.FORBIDDEN_ACT, Reason.TOO_SLOW, Reason.CRASHED}.isdisjoint(reasons), told
    assert reasons.count(Reason.READER_FAULT) <= len(reasons) // 1_000, told


@pytest.mark.long
@pytest.mark.parametrize(("samples", "rounds"), [(SAMPLES, range(1_000, 1_300)), (EVERY_PICTURE, range(1_000, 1_200))])
def test_hundreds_of_rounds(samples: Mapping[str, bytes], rounds: range) -> None:
    _few_faults(hostile.broken(rounds, samples), pictures.TESSERACT)


@pytest.mark.long
def test_pictures_under_every_other_name() -> None:
    _few_faults(hostile.misdeclared(EVERY_PICTURE, (*hostile.TEXTS, *EVERY_PICTURE)), pictures.TESSERACT)
