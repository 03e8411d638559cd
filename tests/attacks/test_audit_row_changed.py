"""Attacker: can write the control-plane file and drops the triggers. Has no signing key.

Move: changes an entry, with or without making its leaf hash, or the whole tree, agree again.
Guarantee: verify-log and every verifier of an export refuse the log; the sequencer signs it no more.
"""

import pytest

from muniment.audit.errors import LogDamagedError
from muniment.audit.merkle import grow
from muniment.audit.models import Checkpoint, Entry, Node
from muniment.audit.services import checkpoint_now, verify_log
from muniment.audit.verifier import Frontier, leaf_hash
from tests.audit.cast import act, signed_log
from tests.insert_only import unguarded

pytestmark = pytest.mark.django_db


def change(seq: int) -> bytes:
    body = Entry.objects.get(seq=seq).body.replace('"outcome":"ok"', '"outcome":"refused"')
    Entry.objects.filter(seq=seq).update(body=body)
    return leaf_hash(body.encode())


def test_an_untouched_log_verifies() -> None:
    signed_log(6)
    with unguarded():
        pass
    assert verify_log()["entries"] == 7


def test_a_changed_entry_is_found() -> None:
    signed_log(6)
    with unguarded():
        change(3)
    with pytest.raises(LogDamagedError, match="changed, removed, inserted or moved"):
        verify_log()


def test_a_changed_entry_is_found_though_the_whole_tree_was_made_anew() -> None:
    signed_log(6)
    with unguarded():
        Entry.objects.filter(seq=3).update(leaf=change(3))
        Node.objects.all().delete()
        leaves = [bytes(leaf) for leaf in Entry.objects.order_by("seq").values_list("leaf", flat=True)]
        log = Entry.objects.all()[0].log
        made = grow(Frontier(), leaves)
        Node.objects.bulk_create(Node(log=log, level=level, index=index, hash=value) for level, index, value in made)
    with pytest.raises(LogDamagedError, match="changed, removed, inserted or moved"):
        verify_log()
    act()
    with pytest.raises(LogDamagedError, match="no longer holds what was signed"):
        checkpoint_now()


def test_a_column_that_hides_an_entry_from_its_team_is_found() -> None:
    signed_log(2)
    with unguarded():
        Entry.objects.filter(seq=2).update(team="a" * 26)
    with pytest.raises(LogDamagedError, match="columns"):
        verify_log()


def test_a_changed_checkpoint_is_found() -> None:
    signed_log(2)
    head = Checkpoint.objects.get(size=3)
    with unguarded():
        Checkpoint.objects.filter(pk=head.pk).update(note=head.note.replace("\n3\n", "\n2\n"))
    with pytest.raises(LogDamagedError, match="is false"):
        verify_log()
