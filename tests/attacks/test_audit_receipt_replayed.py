"""Attacker: has to erase B, and holds an honest receipt for A.

Move: hands in the receipt for A, or puts the entry of B into it, or A's proof under B.
Guarantee: a receipt proves the event inside its entry and no other.
"""

import json
from dataclasses import replace

import pytest

from muniment.audit import receipts
from muniment.audit.services import make_receipt
from muniment.audit.types import Grade
from muniment.audit.verifier import VerificationError, verify_receipt
from tests.audit.cast import ERASED, act

pytestmark = pytest.mark.django_db


@pytest.fixture
def events() -> tuple[str, str]:
    facts = {"grade": Grade.KEY_DESTROYED}
    return act(kind=ERASED, facts=facts), act(kind=ERASED, facts=facts)


def test_the_receipt_of_one_event_is_none_of_another(events: tuple[str, str]) -> None:
    first, second = events
    receipt = make_receipt(first)
    assert verify_receipt(receipt, event=first)["id"] == first
    with pytest.raises(VerificationError, match="not for this event"):
        verify_receipt(receipt, event=second)


@pytest.mark.parametrize("part", ["entry", "proof"])
def test_parts_of_two_receipts_make_no_third(events: tuple[str, str], part: str) -> None:
    first, second = (json.loads(make_receipt(event)) for event in events)
    assert first[part] != second[part]
    with pytest.raises(VerificationError, match="is false"):
        verify_receipt(json.dumps({**first, part: second[part]}))


def test_even_signed_by_the_owner_the_proof_must_be_that_of_the_entry(
    events: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner of the receipt key cannot attest what the tree does not hold."""
    honest = receipts._proof(events[0])
    other = receipts._proof(events[1])
    monkeypatch.setattr(receipts, "_proof", lambda _event: replace(honest, proof=other.proof))
    with pytest.raises(VerificationError, match="not in the log"):
        verify_receipt(make_receipt(events[0]))


def test_a_grade_that_the_log_does_not_record_is_refused(
    events: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    verify_receipt(make_receipt(events[0]))
    monkeypatch.setitem(receipts.GRADES, "key_destroyed", "deleted and overwritten")
    receipt = make_receipt(events[0])
    monkeypatch.undo()
    with pytest.raises(VerificationError, match="another grade"):
        verify_receipt(receipt)
