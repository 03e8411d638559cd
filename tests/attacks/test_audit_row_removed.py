"""Attacker: can write the control-plane file and drops the triggers. Has no signing key.

Move: removes one entry in the middle, and may number the later ones anew so that no gap shows.
Guarantee: verify-log refuses the log.
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


def test_a_removed_entry_leaves_a_gap() -> None:
    signed_log(6)
    assert verify_log()["entries"] == 7
    with unguarded():
        Entry.objects.filter(seq=3).delete()
    with pytest.raises(LogDamagedError, match="out of order"):
        verify_log()


def test_a_removed_entry_is_found_though_the_gap_was_closed() -> None:
    signed_log(6)
    with unguarded():
        Entry.objects.filter(seq=3).delete()
        for entry in Entry.objects.filter(seq__gt=3).order_by("seq"):
            entry.seq -= 1
            body = canonical.encode({**canonical.decode(entry.body.encode()), "seq": entry.seq})
            entry.body, entry.leaf = body.decode(), leaf_hash(body)
            entry.save()
    with pytest.raises(LogDamagedError, match="was cut"):
        verify_log()
