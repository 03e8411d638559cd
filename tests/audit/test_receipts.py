"""A receipt proves one act, alone, and claims no more than the log."""

import json

import pytest

from muniment.audit import selectors
from muniment.audit.services import make_receipt
from muniment.audit.types import Grade
from muniment.audit.verifier import VerificationError, parse_key, verify_receipt
from muniment.core.actors import SYSTEM
from muniment.core.errors import NotFoundError
from muniment.core.ids import new_id
from tests.audit.cast import ERASED, act, signed_log

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("grade", "words"), [(Grade.KEY_DESTROYED, "key destroyed"), (Grade.OVERWRITTEN, "deleted and overwritten")]
)
def test_a_receipt_is_made_at_once_and_states_the_grade(grade: Grade, words: str) -> None:
    signed_log(5)
    event = act(kind=ERASED, facts={"grade": grade})  # not in the log yet
    receipt = make_receipt(event)
    entry = verify_receipt(receipt, [parse_key(key) for key in selectors.public_keys(SYSTEM)], event)
    assert (entry["id"], entry["kind"]) == (event, ERASED.name)
    assert json.loads(receipt)["grade"] == words


def test_an_act_that_erases_nothing_has_no_grade() -> None:
    receipt = make_receipt(act())
    assert json.loads(receipt)["grade"] == ""
    assert verify_receipt(receipt)


def test_there_is_no_receipt_of_what_did_not_happen() -> None:
    with pytest.raises(NotFoundError):
        make_receipt(new_id())


@pytest.mark.parametrize(
    "part", ["grade", "entry", "proof", "checkpoint", "log_key", "receipt_key", "format", "signature"]
)
def test_no_part_of_it_can_be_changed(part: str) -> None:
    event = act(kind=ERASED, facts={"grade": Grade.OVERWRITTEN})
    whole = json.loads(make_receipt(event))
    verify_receipt(json.dumps(whole))
    other = json.loads(make_receipt(act(kind=ERASED, facts={"grade": Grade.KEY_DESTROYED})))
    swapped = {"log_key": whole["receipt_key"], "receipt_key": whole["log_key"], "format": "muniment-receipt/2"}
    with pytest.raises(VerificationError):
        verify_receipt(json.dumps({**whole, part: swapped.get(part, other[part])}))


def test_a_receipt_signed_by_keys_that_are_not_trusted_is_refused() -> None:
    receipt = make_receipt(act())
    ours = [parse_key(key) for key in selectors.public_keys(SYSTEM)]
    assert verify_receipt(receipt, ours)
    with pytest.raises(VerificationError, match="other keys"):
        verify_receipt(receipt, ours[:1])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"signature": 1}', "\x00", "[" * 100_000])
def test_rubbish_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(VerificationError, match="malformed"):
        verify_receipt(text)
