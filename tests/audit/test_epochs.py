"""A restore never rewinds the log: a new one opens with the size and root of the old, and verifies across them."""

import pytest

from muniment.audit.errors import EventRefusedError, LogDamagedError
from muniment.audit.models import Checkpoint, Log
from muniment.audit.services import checkpoint_now, open_epoch, verify_log
from muniment.audit.verifier import VerificationError, read_checkpoint
from muniment.audit.verifier import verify_log as verify_export
from muniment.core.ids import new_id
from tests.audit.cast import exported, lines, signed_log

pytestmark = pytest.mark.django_db


def test_a_new_epoch_continues_the_log() -> None:
    signed_log(3)
    old = Checkpoint.objects.get(size=4)
    log = open_epoch(previous_size=old.size, previous_root=bytes(old.root))
    assert log.origin != Log.objects.order_by("pk")[0].origin
    signed_log(2)
    counts = verify_log(witness=[old.note])
    assert (counts["entries"], counts["epochs"], counts["lost"], counts["witnessed"]) == (7, 2, 0, 1)


def test_entries_lost_with_the_data_are_admitted() -> None:
    signed_log(2)
    lost = Checkpoint.objects.order_by("-size")[0]
    open_epoch(previous_size=10, previous_root=bytes(32))
    counts = verify_log(witness=[lost.note])
    assert (counts["entries"], counts["lost"]) == (4, 7)


def test_an_epoch_that_claims_less_than_is_here_is_refused() -> None:
    signed_log(3)
    old = Checkpoint.objects.get(size=4)
    with pytest.raises(EventRefusedError, match="goes further"):
        open_epoch(previous_size=3, previous_root=bytes(old.root))
    with pytest.raises(EventRefusedError, match="goes further"):
        open_epoch(previous_size=4, previous_root=bytes(32))
    open_epoch(previous_size=4, previous_root=bytes(old.root))


def test_a_closing_that_contradicts_the_log_does_not_verify(monkeypatch: pytest.MonkeyPatch) -> None:
    """The opening of the next log is a signed claim about the old one, like a checkpoint."""
    signed_log(3)
    monkeypatch.setattr("muniment.audit.sequencer._contradicts", lambda *_: False)
    open_epoch(previous_size=4, previous_root=bytes(32))
    with pytest.raises(LogDamagedError, match="forked"):
        verify_log()


def test_a_log_that_goes_on_after_its_closing_does_not_verify(monkeypatch: pytest.MonkeyPatch) -> None:
    signed_log(3)
    monkeypatch.setattr("muniment.audit.sequencer._contradicts", lambda *_: False)
    opening = Checkpoint.objects.get(size=1)
    open_epoch(previous_size=1, previous_root=bytes(opening.root))
    with pytest.raises(LogDamagedError, match="goes on after it was closed"):
        verify_log()


def test_a_log_that_was_lost_whole_is_named() -> None:
    """Restored from a snapshot older than the log that is continued."""
    signed_log(1)
    elsewhere = f"muniment/{new_id()}"
    open_epoch(previous_size=5, previous_root=bytes(32), previous_origin=elsewhere)
    assert verify_log()["epochs"] == 2
    ours = checkpoint_now().note
    remembered = ours.replace(read_checkpoint(ours).origin, elsewhere, 1)
    with pytest.raises(VerificationError, match="not part of this log"):
        verify_export(lines(exported()), [remembered.replace(f"\n{read_checkpoint(ours).size}\n", "\n6\n", 1)])
    with pytest.raises(LogDamagedError, match="not part of this log"):
        verify_log(witness=[remembered.replace(elsewhere, f"muniment/{new_id()}", 1)])
