"""What was given out once must verify for ever: an export, a checkpoint and a receipt made on a day in the past."""

import json
from pathlib import Path

import pytest

from muniment.audit.checkpoint import signed_checkpoint
from muniment.audit.verifier import VerificationError, parse_key, read_checkpoint, verify_log, verify_receipt
from muniment.crypto.signing import SigningKey

FOLDER = Path(__file__).parent.parent / "vectors"
RECEIPT = json.loads((FOLDER / "receipt.json").read_text("utf-8"))
LOG = json.loads((FOLDER / "checkpoint_log.json").read_text("utf-8"))


def test_the_checkpoint_is_written_as_ever() -> None:
    head = read_checkpoint(LOG["checkpoint"])
    key = SigningKey.from_seed(bytes.fromhex(LOG["seed"]))
    assert signed_checkpoint(LOG["origin"], 5, head.root, key) == LOG["checkpoint"]


def test_the_export_verifies_with_its_witness_and_key() -> None:
    lines = [json.dumps(line) for line in LOG["export"]]
    assert verify_log(lines, [LOG["checkpoint"]], [parse_key(LOG["key"])]) == LOG["expect"]


@pytest.mark.parametrize("number", range(len(LOG["export"])))
def test_no_line_of_the_export_can_be_left_out_but_that_of_a_sealed_detail(number: int) -> None:
    """The detail itself may be gone, as the person may be erased; the entry still states its hash."""
    lines = [json.dumps(line) for place, line in enumerate(LOG["export"]) if place != number]
    if LOG["export"][number]["type"] == "sealed":
        assert verify_log(lines) | {"witnessed": 1} == LOG["expect"]
        return
    with pytest.raises(VerificationError):
        verify_log(lines)


def test_the_receipt_verifies() -> None:
    entry = verify_receipt(
        json.dumps(RECEIPT["receipt"]), [parse_key(key) for key in RECEIPT["keys"]], RECEIPT["event"]
    )
    assert entry["kind"] == "agent:agent:erased"
