"""A witness follows a log that grows, and refuses one that shrank, was rewritten, or is signed by another key."""

from pathlib import Path

import pytest

from muniment.audit import selectors
from muniment.audit.checkpoint import checkpoint_key, signed_checkpoint
from muniment.audit.errors import ForkError
from muniment.audit.models import Checkpoint, Log
from muniment.audit.services import FileWitness, open_epoch, show_log
from muniment.audit.verifier import Key
from muniment.core.actors import SYSTEM
from muniment.crypto.signing import SigningKey
from tests.audit.cast import signed_log

pytestmark = pytest.mark.django_db


@pytest.fixture
def witness(tmp_path: Path) -> FileWitness:
    return FileWitness(tmp_path / "witness")


def newest() -> Checkpoint:
    return Checkpoint.objects.order_by("-log", "-size")[0]


def test_it_follows_a_growing_log_over_epochs(witness: FileWitness) -> None:
    for events in (1, 5, 0, 7):
        signed_log(events)
        assert show_log(witness) == 1
        assert witness.latest(Log.objects.get().origin) == newest().note
    open_epoch(previous_size=newest().size, previous_root=bytes(newest().root))
    assert show_log(witness) == 2
    assert witness.latest(Log.objects.order_by("-pk")[0].origin) == newest().note


def test_it_remembers_in_another_process_too(witness: FileWitness) -> None:
    signed_log(1)
    show_log(witness)
    assert FileWitness(witness.folder).latest(Log.objects.get().origin) == newest().note


def test_a_log_that_shrank_is_refused(witness: FileWitness) -> None:
    signed_log(3)
    show_log(witness)
    origin, key = newest().note.split("\n")[0], selectors.public_keys(SYSTEM)[0]
    with pytest.raises(ForkError, match="shrank"):
        witness.remember(Checkpoint.objects.order_by("size")[0].note, key=key)
    assert witness.latest(origin) == newest().note


@pytest.mark.parametrize("size", [4, 9])
def test_a_rewritten_log_is_refused(witness: FileWitness, size: int) -> None:
    """The owner of the key signs another history, of the same or a greater length."""
    signed_log(3)
    show_log(witness)
    origin, key = newest().note.split("\n")[0], selectors.public_keys(SYSTEM)[0]
    forged = signed_checkpoint(origin, size, bytes(32), checkpoint_key())
    with pytest.raises(ForkError, match="rewritten"):
        witness.remember(forged, key=key, proof=[bytes(32)] if size > 4 else [])
    assert witness.latest(origin) == newest().note


def test_another_key_is_refused_once_one_is_known(witness: FileWitness) -> None:
    signed_log(1)
    show_log(witness)
    origin = newest().note.split("\n")[0]
    other = SigningKey.from_seed(bytes(32))
    forged = signed_checkpoint(origin, 9, bytes(32), other)
    with pytest.raises(ForkError, match="does not accept"):
        witness.remember(forged, key=str(Key(origin, other.public)))
    assert FileWitness(witness.folder / "new").remember(forged, key=str(Key(origin, other.public))) is None


def test_rubbish_is_refused(witness: FileWitness) -> None:
    for note in ("", "x\n1\ny\n", "x" * 1000):
        with pytest.raises(ForkError, match="does not accept"):
            witness.remember(note, key="x")
