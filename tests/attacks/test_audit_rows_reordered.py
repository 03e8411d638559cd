"""Attacker: can write the control-plane file and drops the triggers. Has no signing key.

Move: exchanges two entries, so that the act seems to come before the permission; may renumber them to fit.
Guarantee: verify-log refuses the log: the place is inside the entry, and the entry inside the signed tree.
"""

import pytest

from muniment.audit import canonical
from muniment.audit.errors import LogDamagedError
from muniment.audit.models import Entry
from muniment.audit.services import verify_log
from muniment.audit.verifier import leaf_hash
from tests.audit.cast import signed_log
from tests.insert_only import unguarded

pytestmark = pytest.mark.django_db


def exchange(first: int, second: int, *, renumber: bool) -> None:
    entries = {seq: Entry.objects.get(seq=seq) for seq in (first, second)}
    with unguarded():
        for seq, place in ((first, -1), (second, first), (first, second)):
            entry = entries[seq]
            entry.seq = place
            if renumber and place >= 0:
                body = canonical.encode({**canonical.decode(entry.body.encode()), "seq": place})
                entry.body, entry.leaf = body.decode(), leaf_hash(body)
            entry.save()


@pytest.mark.parametrize(
    ("renumber", "found"), [(False, "out of order"), (True, "changed, removed, inserted or moved")]
)
def test_exchanged_entries_are_found(renumber: bool, found: str) -> None:
    signed_log(6)
    assert verify_log()["entries"] == 7
    exchange(2, 5, renumber=renumber)
    with pytest.raises(LogDamagedError, match=found):
        verify_log()
