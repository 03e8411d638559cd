"""Attacker: can write the control-plane file, drops the triggers, and cuts the newest entries.

Move: removes the last entries with their nodes and checkpoints, as if nothing had happened since; or restores an old
file in silence.
Guarantee: whoever remembers a later checkpoint finds out. Without a witness nobody can: that is a non-guarantee, and
the second test states it.
"""

from pathlib import Path

import pytest

from muniment.audit import canonical
from muniment.audit.errors import ForkError, LogDamagedError
from muniment.audit.models import Checkpoint, Entry, Log, Node
from muniment.audit.services import FileWitness, show_log, verify_log
from muniment.audit.verifier import VerificationError, read_checkpoint
from muniment.audit.verifier import verify_log as verify_export
from tests.audit.cast import exported, lines, signed_log
from tests.insert_only import unguarded

pytestmark = pytest.mark.django_db


def cut(size: int, *, checkpoints: bool) -> None:
    with unguarded():
        Entry.objects.filter(seq__gte=size).delete()
        Node.objects.all().delete()
        if checkpoints:
            Checkpoint.objects.filter(size__gt=size).delete()


def test_a_witness_notices(tmp_path: Path) -> None:
    witness = FileWitness(tmp_path / "witness")
    signed_log(3)
    show_log(witness)
    remembered = witness.latest(Log.objects.get().origin) or ""
    assert verify_log(witness=[remembered])["witnessed"] == 1
    cut(1, checkpoints=True)
    with pytest.raises(LogDamagedError, match="the tail was cut"):
        verify_log(witness=[remembered])
    with pytest.raises(ForkError, match="shrank"):
        show_log(witness)


def test_a_loss_cannot_be_admitted_without_the_key(tmp_path: Path) -> None:
    """The header of an export says how it opens, unsigned; only an opening inside the tree excuses missing entries."""
    signed_log(3)
    remembered = read_checkpoint(Checkpoint.objects.get(size=4).note)
    cut(1, checkpoints=True)
    parsed = exported()
    facts = {"previous": remembered.origin.removeprefix("muniment/"), "previous_size": 4}
    claim = canonical.encode({"facts": facts | {"previous_root": remembered.root.hex()}, "kind": "audit:log:open"})
    parsed[0]["epochs"].append(parsed[0]["epochs"][0] | {"origin": "muniment/new", "openings": [claim.decode()]})
    parsed += [{"type": "end", "origin": "muniment/new"}]
    with pytest.raises(VerificationError):
        verify_export(lines(parsed))
    parsed[0]["epochs"][0]["openings"].append(claim.decode())
    with pytest.raises(VerificationError):
        verify_export(lines(parsed[:-1]))


def test_without_a_witness_only_a_checkpoint_left_behind_tells() -> None:
    signed_log(3)
    cut(1, checkpoints=False)
    with pytest.raises(LogDamagedError, match="the tail was cut"):
        verify_log()
    cut(1, checkpoints=True)
    assert verify_log()["entries"] == 1  # the non-guarantee


def test_other_entries_in_the_place_of_the_cut_ones_are_noticed() -> None:
    signed_log(3)
    remembered = Checkpoint.objects.get(size=4).note
    cut(1, checkpoints=True)
    signed_log(5)  # goes on from the cut, honestly signed
    assert verify_log()["entries"] == 6
    with pytest.raises(LogDamagedError, match="changed, removed, inserted or moved"):
        verify_log(witness=[remembered])
