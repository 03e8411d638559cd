"""Attacker: can write to the backup target, a share or a stick, and waits for the operator's next backup or restore.
Moves: links where files of ours are to lie, a manifest whose silos are paths, things that are no files, things that
are not ours. Guarantee: G-19."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.audit.checkpoint import signed_checkpoint
from muniment.audit.errors import ForkError
from muniment.audit.services import FileWitness, open_epoch_after
from muniment.backup.errors import TargetError
from muniment.backup.restore import laid_out
from muniment.backup.services import back_up
from muniment.backup.target import MANIFEST, Target, read_manifest
from muniment.crypto.keyring import Keyring
from muniment.crypto.recovery import cleartext_recovery_kit
from muniment.crypto.root import cleartext_root
from muniment.crypto.signing import SigningKey
from muniment.ingest.services import add_document
from muniment.silo.services import destroy_silo
from muniment.teams.selectors import operator_actor
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
PRECIOUS = b"the only copy"


@pytest.fixture
def archive(alice: Person) -> Iterator[Agent]:
    agent = create_agent(actor=alice.actor, name="Archive")
    for _ in range(2):  # the second is known already and erased: there is a ledger
        add_document(actor=alice.actor, agent=agent, name="herbarium.txt", source=[b"Open on Mondays."])
    yield agent
    destroy_silo(agent.silo)


@pytest.fixture
def target(tmp_path: Path, archive: Agent, keyring: Keyring) -> Iterator[Target]:
    """A target with one snapshot, which the session's keyring forgets again."""
    made = Target(tmp_path / "target")
    _back_up(made)
    yield made
    (keyring.folder / "mirrors").unlink(missing_ok=True)
    (keyring.folder / "stale-mirrors").unlink(missing_ok=True)


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file of the operator's, anywhere."""
    file = tmp_path / "elsewhere" / "victim"
    file.parent.mkdir()
    file.write_bytes(PRECIOUS)
    return file


def _back_up(target: Target) -> None:
    back_up(actor=operator_actor(None), folder=target.folder)


def _put_in_place(path: Path, make: Callable[[Path], object]) -> None:
    path.unlink(missing_ok=True)
    make(path)


def _laid_out(target: Target, folder: Path) -> Path:
    """A restore of the newest snapshot; its home."""
    kit = " ".join(cleartext_recovery_kit(cleartext_root(settings.MUNIMENT_KEYS)))
    with laid_out(target, target.whole_snapshots()[-1], kit=kit, home=folder / "home", keys=folder / "keys"):
        return folder / "home"


@pytest.mark.parametrize("name", [".lock", "erasures.jsonl", "rings/instance.ring", "witness/.lock"])
def test_a_link_among_our_files_is_written_through_by_no_backup(target: Target, victim: Path, name: str) -> None:
    _put_in_place(target.folder / name, lambda path: path.symlink_to(victim))
    with pytest.raises((TargetError, OSError)):
        _back_up(target)
    assert victim.read_bytes() == PRECIOUS
    (target.folder / name).unlink()
    _back_up(target)
    assert not (target.folder / name).is_symlink()


def test_a_link_where_a_copy_is_begun_is_replaced(target: Target, archive: Agent, victim: Path) -> None:
    (original,) = (target.originals / archive.silo).iterdir()
    (checkpoint,) = target.witness.glob("*.checkpoint")
    begun = [original.with_name(original.name + ".copying"), checkpoint.with_suffix(".new")]
    original.unlink()
    for path in begun:
        path.symlink_to(victim)
    _back_up(target)
    assert victim.read_bytes() == PRECIOUS
    assert original.is_file()
    assert not any(path.is_symlink() for path in begun)


@pytest.mark.parametrize("part", ["snapshots", "rings", "originals", "witness"])
def test_a_link_in_place_of_a_folder_empties_no_other(target: Target, tmp_path: Path, part: str) -> None:
    """Also: a folder of ten browser extensions, each with a manifest.json, looks like ten snapshots, of which three
    are too old to keep."""
    elsewhere = tmp_path / "elsewhere"
    for number in range(10):
        (elsewhere / f"extension {number}").mkdir(parents=True)
        (elsewhere / f"extension {number}" / MANIFEST).write_text("{}")
    (elsewhere / "other.ring").write_bytes(PRECIOUS)
    before = sorted(elsewhere.rglob("*"))
    (target.folder / part).rename(tmp_path / "away")
    (target.folder / part).symlink_to(elsewhere)
    with pytest.raises(TargetError):
        _back_up(target)
    assert sorted(elsewhere.rglob("*")) == before


def test_a_link_in_place_of_the_target_touches_no_keys_of_others(target: Target, tmp_path: Path, alice: Person) -> None:
    """The attacker owns the folder above: the target leads to the keys of another installation from one day on."""
    others = tmp_path / "other-keys"
    (others / "rings").mkdir(parents=True)
    (others / "rings" / "instance.ring").write_bytes(PRECIOUS)
    target.folder.rename(tmp_path / "away")
    target.folder.symlink_to(others)
    agent = create_agent(actor=alice.actor, name="Later")  # a new key, to be repeated in every mirror
    assert (others / "rings" / "instance.ring").read_bytes() == PRECIOUS
    assert [path.name for path in others.rglob("*")] == ["rings", "instance.ring"]
    target.folder.unlink()
    (tmp_path / "away").rename(target.folder)
    _back_up(target)
    ours, copy = (folder / "rings" / "instance.ring" for folder in (Path(settings.MUNIMENT_KEYS), target.folder))
    assert copy.read_bytes() == ours.read_bytes()
    destroy_silo(agent.silo)


def test_a_witness_that_was_forged_is_not_believed(target: Target) -> None:
    """Neither by the next backup nor by the epoch that a restore opens."""
    witness = FileWitness(target.witness)
    (head,) = witness.heads()
    (file,) = target.witness.glob("*.checkpoint")
    true = file.read_text()
    for forged in (signed_checkpoint(head.origin, head.size + 9, bytes(32), SigningKey.from_seed(bytes(32))), "\u2014"):
        file.write_text(forged)
        with pytest.raises(ForkError, match="no checkpoint that this installation signed"):
            open_epoch_after(witness)
        with pytest.raises(ForkError, match="no checkpoint that this installation signed"):
            _back_up(target)
    file.write_text(true)
    _back_up(target)
    assert open_epoch_after(witness).origin != head.origin


def test_what_is_not_ours_stays_and_is_not_restored(target: Target, archive: Agent, tmp_path: Path) -> None:
    strange = [target.originals / "lost+found" / "a", target.originals / archive.silo / "notes", target.originals / "b"]
    for path in strange:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(PRECIOUS)
    _back_up(target)
    assert all(path.read_bytes() == PRECIOUS for path in strange)
    home = _laid_out(target, tmp_path / "restored")
    restored = {path.name for path in (home / "originals").rglob("*") if path.is_file()}
    assert restored == {document for _, document, _ in target.kept_originals()}


@pytest.mark.parametrize("silo", ["../../escaped", "/escaped", "", 7, None])
def test_a_silo_that_is_a_path_is_laid_out_nowhere(target: Target, tmp_path: Path, silo: object) -> None:
    snapshot = target.whole_snapshots()[-1]
    fields = json.loads((snapshot / MANIFEST).read_text())
    (snapshot / MANIFEST).write_text(json.dumps(fields | {"silos": [*fields["silos"], silo]}))
    (target.folder / "snapshots" / "escaped.db").write_bytes(PRECIOUS)
    with pytest.raises(TargetError, match="cannot be read"):
        _laid_out(target, tmp_path / "restored")
    assert not (tmp_path / "restored").exists()
    (snapshot / MANIFEST).write_text(json.dumps(fields))
    assert (_laid_out(target, tmp_path / "restored") / "control.db").is_file()


@pytest.mark.parametrize(
    "make",
    [lambda path: path.symlink_to("/dev/zero"), os.mkfifo, lambda path: path.symlink_to(path.parent / MANIFEST)],
    ids=["device", "pipe", "link"],
)
@pytest.mark.parametrize("name", ["control.db", "silo"])
def test_what_is_no_plain_file_is_not_restored(
    target: Target, archive: Agent, tmp_path: Path, make: Callable[[Path], object], name: str
) -> None:
    snapshot = target.whole_snapshots()[-1]
    place = snapshot / (name if name == "control.db" else f"silos/{archive.silo}.db")
    _put_in_place(place, make)
    with pytest.raises(OSError, match=r"not a plain file|symbolic links"):
        _laid_out(target, tmp_path / "restored")
    assert archive.silo in read_manifest(snapshot).silos
