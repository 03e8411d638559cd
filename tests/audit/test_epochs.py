"""A restore never rewinds the log: a new one opens with the size and root of the old, and verifies across them."""

from pathlib import Path

import pytest

from muniment.audit.errors import EventRefusedError, LogDamagedError
from muniment.audit.models import Checkpoint, Entry, Log, Node
from muniment.audit.services import FileWitness, checkpoint_now, open_epoch, open_epoch_after, show_log, verify_log
from muniment.audit.verifier import VerificationError, read_checkpoint
from muniment.audit.verifier import verify_log as verify_export
from muniment.core.ids import new_id
from tests.audit.cast import exported, lines, signed_log
from tests.insert_only import unguarded

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
    monkeypatch.setattr("muniment.audit.epochs._goes_further", lambda *_: False)
    open_epoch(previous_size=4, previous_root=bytes(32))
    with pytest.raises(LogDamagedError, match="forked"):
        verify_log()


def test_a_log_that_goes_on_after_its_closing_does_not_verify(monkeypatch: pytest.MonkeyPatch) -> None:
    signed_log(3)
    monkeypatch.setattr("muniment.audit.epochs._goes_further", lambda *_: False)
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


class TestAfterRestore:
    """What `open_epoch_after` does with the heads that the witness of a backup target remembers."""

    def test_the_log_goes_on_where_it_is_further_than_anybody_saw(self, witness: FileWitness) -> None:
        signed_log(2)
        show_log(witness)
        signed_log(3)
        open_epoch_after(witness)
        counts = verify_log(witness=notes(witness))
        assert (counts["epochs"], counts["lost"], counts["witnessed"]) == (2, 0, 1)

    def test_lost_entries_are_admitted(self, witness: FileWitness) -> None:
        signed_log(5)
        show_log(witness)
        rewind(3)
        with pytest.raises(LogDamagedError, match="the tail was cut"):
            verify_log(witness=notes(witness))
        open_epoch_after(witness)
        assert verify_log(witness=notes(witness))["lost"] == 3
        show_log(witness)

    def test_restoring_twice_from_one_old_snapshot(self, witness: FileWitness) -> None:
        """The log of the time in between is lost whole; both are named, and every head remembered finds its place."""
        signed_log(5)
        show_log(witness)
        rewind(3)
        between = open_epoch_after(witness)
        signed_log(4)
        show_log(witness)
        rewind(3)
        open_epoch_after(witness)
        signed_log(1)
        show_log(witness)
        assert len(notes(witness)) == 3
        counts = verify_log(witness=notes(witness))
        assert (counts["epochs"], counts["lost"], counts["witnessed"]) == (2, 3 + 5, 3)
        assert not Log.objects.filter(origin=between.origin).exists()

    def test_a_restore_onto_a_restore_closes_each_log_once(self, witness: FileWitness) -> None:
        for _ in range(3):
            signed_log(2)
            show_log(witness)
            open_epoch_after(witness)
        counts = verify_log(witness=notes(witness))
        assert (counts["epochs"], counts["lost"], counts["witnessed"]) == (4, 0, 3)

    def test_the_witness_of_another_history_is_refused(self, witness: FileWitness) -> None:
        signed_log(5)
        show_log(witness)
        rewind(3)
        signed_log(5)
        with pytest.raises(LogDamagedError, match="another audit log"):
            open_epoch_after(witness)


@pytest.fixture
def witness(tmp_path: Path) -> FileWitness:
    return FileWitness(tmp_path / "witness")


def notes(witness: FileWitness) -> list[str]:
    return [witness.latest(head.origin) or "" for head in witness.heads()]


def rewind(size: int) -> None:
    """As if the control plane were that of an earlier day: the first log with so many entries."""
    first = Log.objects.order_by("pk")[0].pk
    with unguarded():
        for model in (Entry, Node, Checkpoint):
            model.objects.exclude(log=first).delete()
        Log.objects.exclude(pk=first).delete()
        Entry.objects.filter(seq__gte=size).delete()
        Checkpoint.objects.filter(size__gt=size).delete()
        nodes = [node.pk for node in Node.objects.all() if (node.index + 1) << node.level > size]
        Node.objects.filter(pk__in=nodes).delete()
