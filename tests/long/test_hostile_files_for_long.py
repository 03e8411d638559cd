"""Attacker: the author of any file, with patience: the files of tests/attacks/test_hostile_files_of_every_format.py, in
many more rounds. Guarantee: G-60."""

import pytest

from muniment.ingest.errors import Reason
from muniment.ingest.sandbox.client import Sandbox
from tests.attacks.test_hostile_files_of_every_format import survives
from tests.ingest import hostile

ROUNDS = range(1_000, 1_300)


@pytest.mark.long
def test_hundreds_of_rounds() -> None:
    with Sandbox() as sandbox:
        told = survives(sandbox, hostile.broken(ROUNDS))
    reasons = [reason for _, reason in told]
    assert {Reason.FORBIDDEN_ACT, Reason.TOO_SLOW, Reason.CRASHED}.isdisjoint(reasons)
    assert reasons.count(Reason.READER_FAULT) < len(reasons) // 1_000  # what no parser foresaw, and its child held
