"""A receipt: one JSON file that proves an act is in the log, and how far an erasure went, without any other file."""

import base64

from muniment.audit import canonical, selectors
from muniment.audit.checkpoint import RECEIPTS, checkpoint_key, receipt_key, signature_line
from muniment.audit.errors import NotYetSequencedError
from muniment.audit.sequencer import checkpoint_now
from muniment.audit.types import InclusionProof
from muniment.audit.verifier import GRADES, RECEIPT_FORMAT, Key, read_checkpoint
from muniment.core.actors import SYSTEM
from muniment.core.errors import NotFoundError


def make_receipt(event: str) -> str:
    """The receipt of an event, as canonical JSON. Never inside a transaction: a checkpoint is made when none covers it.

    The grade is the entry's own fact `grade`, which the tree commits to: a receipt cannot claim more than the log.
    Raises NotFoundError when there is no such event.
    """
    proof = _proof(event)
    facts = canonical.decode(proof.entry.encode())["facts"]
    key = receipt_key()
    receipt = {
        "format": RECEIPT_FORMAT,
        "grade": GRADES.get(facts.get("grade", ""), ""),
        "entry": proof.entry,
        "proof": [base64.b64encode(step).decode() for step in proof.proof],
        "checkpoint": proof.checkpoint,
        "log_key": str(Key(read_checkpoint(proof.checkpoint).origin, checkpoint_key().public)),
        "receipt_key": str(Key(RECEIPTS, key.public)),
    }
    text = canonical.encode(receipt).decode() + "\n"
    return canonical.encode({**receipt, "signature": signature_line(text, RECEIPTS, key)}).decode()


def _proof(event: str) -> InclusionProof:
    try:
        return selectors.inclusion_proof(SYSTEM, event)
    except (NotYetSequencedError, NotFoundError):
        checkpoint_now()
        return selectors.inclusion_proof(SYSTEM, event)
