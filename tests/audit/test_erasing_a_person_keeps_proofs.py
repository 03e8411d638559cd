"""The detail of a person is gone with the key; every hash, proof and receipt goes on verifying."""

from datetime import timedelta

import pytest

from muniment.audit import selectors
from muniment.audit.canonical import decode
from muniment.audit.models import Outbox, SealedDetail
from muniment.audit.sealing import account_key
from muniment.audit.services import (
    checkpoint_now,
    forget_person,
    forget_strangers,
    introduce_person,
    make_receipt,
    run_once,
    verify_log,
)
from muniment.audit.verifier import verify_receipt
from muniment.core.actors import SYSTEM
from muniment.core.clock import now
from muniment.core.ids import new_id
from muniment.crypto.keyring import Keyring
from tests.audit.cast import act, member

pytestmark = pytest.mark.django_db
DETAIL = {"address": "192.0.2.7", "file": "Kündigung Müller.pdf", "port": 443}


def test_detail_is_read_back_until_the_person_is_erased_and_proofs_stay() -> None:
    bob = member(new_id())
    event = act(bob, sealed=DETAIL)
    checkpoint_now()
    receipt = make_receipt(event)
    before = verify_log()
    assert selectors.detail(SYSTEM, event) == DETAIL
    forget_person(ref=bob.ref)
    assert selectors.detail(SYSTEM, event) is None
    assert SealedDetail.objects.filter(event=event).count() == 0
    assert verify_log() == before
    assert verify_receipt(receipt)["id"] == event
    assert verify_receipt(make_receipt(event))["sealed"] is not None


def test_old_copies_of_the_ciphertext_open_no_more(keyring: Keyring) -> None:
    bob = member(new_id())
    event = act(bob, sealed=DETAIL)
    checkpoint_now()
    copy = SealedDetail.objects.get(event=event)
    forget_person(ref=bob.ref)
    SealedDetail.objects.create(event=copy.event, keys=copy.keys, ciphertext=copy.ciphertext)  # as from a backup
    assert selectors.detail(SYSTEM, event) is None
    assert not keyring.holds(account_key(bob.ref))


def test_detail_about_two_persons_goes_with_either() -> None:
    team = new_id()
    for erased in (0, 1):
        alice, bob = member(team), member(team)
        introduce_person(ref=bob.ref)
        event = act(alice, subject=bob.ref, sealed=DETAIL)
        checkpoint_now()
        assert selectors.detail(SYSTEM, event) == DETAIL
        forget_person(ref=(alice, bob)[erased].ref)
        assert selectors.detail(SYSTEM, event) is None


def test_an_erased_person_gets_no_new_key(keyring: Keyring) -> None:
    """The event of the erasure itself, or a request still running: its detail lives with the day key."""
    bob = member(new_id())
    forget_person(ref=bob.ref)
    introduce_person(ref=bob.ref)
    event = act(bob, sealed=DETAIL)
    checkpoint_now()
    assert not keyring.holds(account_key(bob.ref))
    assert SealedDetail.objects.get(event=event).keys.startswith("day:")


def test_detail_still_in_the_outbox_is_not_stored_after_the_erasure() -> None:
    bob = member(new_id())
    event = act(bob, sealed=DETAIL)
    assert Outbox.objects.count() == 1
    forget_person(ref=bob.ref)
    checkpoint_now()
    assert SealedDetail.objects.count() == 0
    assert selectors.detail(SYSTEM, event) is None
    verify_log()


def test_detail_of_strangers_goes_with_the_day() -> None:
    visitor = member(new_id(), user=None)  # type: ignore[arg-type]
    event = act(visitor, sealed=DETAIL)
    checkpoint_now()
    assert forget_strangers(before=now() - timedelta(days=1)) == 0
    assert selectors.detail(SYSTEM, event) == DETAIL
    assert forget_strangers(before=now() + timedelta(days=1)) >= 1
    assert selectors.detail(SYSTEM, event) is None
    verify_log()


def test_the_entry_and_the_outbox_hold_no_word_of_it() -> None:
    event = act(member(new_id()), sealed=DETAIL)
    assert "Müller".encode() not in bytes(Outbox.objects.get(event=event).body)
    run_once(now=now())
    proof = None
    checkpoint_now()
    proof = selectors.inclusion_proof(SYSTEM, event)
    assert "Müller" not in proof.entry
    assert len(decode(proof.entry.encode())["sealed"]) == 64
