"""Attacker: can write the control-plane file and drops the triggers. Has no keys.

Move: puts the sealed detail of one event in the place of another's, so that Bob's address stands beside Alice's act.
Guarantee: it does not open there (associated data names the event), and verify-log refuses it (the entry commits to
its own ciphertext).
"""

import pytest

from muniment.audit import selectors
from muniment.audit.errors import LogDamagedError
from muniment.audit.models import SealedDetail
from muniment.audit.services import checkpoint_now, verify_log
from muniment.core.actors import SYSTEM
from muniment.core.ids import new_id
from muniment.crypto.errors import SealError
from tests.audit.cast import act, member
from tests.insert_only import unguarded

pytestmark = pytest.mark.django_db


def test_detail_in_the_place_of_another_does_not_open() -> None:
    bob = member(new_id())  # the same person, so the same key: only the place differs
    first, second = act(bob, sealed={"address": "192.0.2.1"}), act(bob, sealed={"address": "192.0.2.2"})
    checkpoint_now()
    assert verify_log()["entries"] == 3
    assert selectors.detail(SYSTEM, second) == {"address": "192.0.2.2"}
    with unguarded():
        moved = SealedDetail.objects.get(event=first)
        SealedDetail.objects.filter(event=second).update(ciphertext=moved.ciphertext, keys=moved.keys)
    with pytest.raises(SealError):
        selectors.detail(SYSTEM, second)
    with pytest.raises(LogDamagedError, match="not the one in its entry"):
        verify_log()
