"""The owner of the keys can sign anything; what contradicts itself is refused all the same."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from muniment.audit import canonical, merkle
from muniment.audit.checkpoint import signature_line, signed_checkpoint
from muniment.audit.verifier import Frontier, VerificationError, leaf_hash, verify_log, verify_receipt
from muniment.crypto.signing import SigningKey

FOLDER = Path(__file__).parent.parent / "vectors"
PINNED = json.loads((FOLDER / "checkpoint_log.json").read_text("utf-8"))
RECEIPT = json.loads((FOLDER / "receipt.json").read_text("utf-8"))["receipt"]
LOG_KEY, RECEIPT_KEY = SigningKey.from_seed(bytes(range(32))), SigningKey.from_seed(bytes(range(32, 64)))


def signed(change: Callable[[list[dict[str, Any]]], object]) -> list[str]:
    """The pinned log with changed entries, and a checkpoint that vouches for them."""
    found = [json.loads(line["body"]) for line in PINNED["export"] if line["type"] == "entry"]
    found[1]["seq"], found[2]["seq"], found[3]["seq"] = 1, 2, 3
    found[1]["sealed"] = None
    change(found)
    bodies = [canonical.encode(entry).decode() for entry in found]
    tree = Frontier()
    merkle.grow(tree, [leaf_hash(body.encode()) for body in bodies])
    header = json.loads(json.dumps(PINNED["export"][0]))
    header["epochs"][0]["openings"] = [body for body in bodies if "audit:log:open" in body][:1]
    note = signed_checkpoint(PINNED["origin"], len(bodies), tree.root(), LOG_KEY)
    lines = [{"type": "checkpoint", "note": note}, *({"type": "entry", "body": body} for body in bodies)]
    return [json.dumps(line) for line in (header, *lines, {"type": "end", "origin": PINNED["origin"]})]


def test_an_honest_log_verifies() -> None:
    assert verify_log(signed(lambda _entries: None))["entries"] == 4


LIES: dict[str, Callable[[list[dict[str, Any]]], object]] = {
    "an event twice": lambda entries: entries[3].update(id=entries[2]["id"]),
    "a place twice": lambda entries: entries[3].update(seq=2),
    "an opening in the middle": lambda entries: entries[2].update(kind="audit:log:open", facts=entries[0]["facts"]),
    "no opening": lambda entries: entries[0].update(kind="audit:log:heartbeat"),
    "an end of a log that it does not name": lambda entries: entries[0]["facts"].update(previous_root="00" * 32),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_log_that_contradicts_itself_is_refused(lie: str) -> None:
    with pytest.raises(VerificationError):
        verify_log(signed(LIES[lie]))


def resigned(**parts: Any) -> str:
    receipt = {**{name: value for name, value in RECEIPT.items() if name != "signature"}, **parts}
    text = canonical.encode(receipt).decode() + "\n"
    return json.dumps({**receipt, "signature": signature_line(text, "muniment/receipts", RECEIPT_KEY)})


def forged_head() -> str:
    """A checkpoint of a one-entry log, of the entry in the receipt, signed by somebody else."""
    tree = Frontier()
    tree.append(leaf_hash(RECEIPT["entry"].encode()))
    return signed_checkpoint(PINNED["origin"], 4, tree.root(), RECEIPT_KEY)


@pytest.mark.parametrize(
    "parts",
    [
        {"checkpoint": forged_head()},
        {"checkpoint": RECEIPT["checkpoint"].replace("\n5\n", "\n4\n")},
        {"checkpoint": signed_checkpoint("muniment/other", 5, bytes(32), LOG_KEY)},
        {"proof": RECEIPT["proof"][:-1]},
        {"proof": [base64.b64encode(bytes(31)).decode()]},
        {"grade": "deleted and overwritten"},
        {"format": "muniment-receipt/0"},
    ],
)
def test_a_receipt_that_contradicts_itself_is_refused(parts: dict[str, object]) -> None:
    assert verify_receipt(resigned())["kind"] == "agent:agent:erased"
    with pytest.raises(VerificationError):
        verify_receipt(resigned(**parts))
