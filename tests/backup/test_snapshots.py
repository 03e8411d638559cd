import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, delete_agent
from muniment.audit.models import Outbox
from muniment.audit.selectors import entries
from muniment.backup.errors import RestoreError, TargetError
from muniment.backup.restore import laid_out
from muniment.backup.services import back_up, restore
from muniment.backup.snapshot import KEEP
from muniment.backup.target import Target, read_manifest
from muniment.core.actors import SYSTEM
from muniment.core.errors import PermissionDeniedError
from muniment.crypto.keyring import Keyring
from muniment.crypto.recovery import cleartext_recovery_kit
from muniment.crypto.root import cleartext_root
from muniment.ingest.services import add_document
from muniment.silo.services import close_all, destroy_silo, location, silos
from muniment.teams.selectors import operator_actor
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = b"The herbarium is open on Mondays."


@pytest.fixture
def archive(alice: Person) -> Iterator[Agent]:
    agent = create_agent(actor=alice.actor, name="Archive")
    add_document(actor=alice.actor, agent=agent, name="herbarium.txt", source=[TEXT])
    yield agent
    destroy_silo(agent.silo)


@pytest.fixture
def target(tmp_path: Path, keyring: Keyring) -> Iterator[Target]:
    """A target that the session's keyring forgets again."""
    yield Target(tmp_path / "target")
    (keyring.folder / "mirrors").unlink(missing_ok=True)
    (keyring.folder / "stale-mirrors").unlink(missing_ok=True)


def _nothing() -> None:
    """The tables of a snapshot of today need no upgrade."""


def backed_up(target: Target) -> list[str]:
    """The silos in the newest snapshot."""
    back_up(actor=operator_actor(None), folder=target.folder)
    return list(read_manifest(target.whole_snapshots()[-1]).silos)


def test_a_snapshot_holds_every_agent_and_no_key(archive: Agent, target: Target) -> None:
    watched: list[tuple[int, int]] = []
    made = back_up(actor=operator_actor(None), folder=target.folder, watch=lambda done, of: watched.append((done, of)))
    assert archive.silo in made.silos
    assert watched[-1] == (len(silos()), len(silos()))
    (snapshot,) = target.whole_snapshots()
    assert {path.name for path in snapshot.iterdir()} == {"control.db", "silos", "manifest.json"}
    assert not list(target.folder.rglob("root.key"))
    root = (settings.MUNIMENT_KEYS / "root.key").read_text().split()[-1]
    for path in target.folder.rglob("*"):
        if path.is_file():
            assert bytes.fromhex(root) not in path.read_bytes()
            assert root.encode() not in path.read_bytes()
            assert TEXT not in path.read_bytes()


def test_it_is_an_event(archive: Agent, target: Target) -> None:
    backed_up(target)
    assert entries(operator_actor(None), kind="instance:backup:made")


def test_its_log_tells_what_was_done_before_it(archive: Agent, target: Target) -> None:
    assert Outbox.objects.exists()  # no server ran, so nothing was sequenced yet
    waiting: list[int] = []
    back_up(
        actor=operator_actor(None),
        folder=target.folder,
        watch=lambda _done, _of: waiting.append(Outbox.objects.count()),
    )
    assert set(waiting) == {0}


def test_only_the_operator(alice: Person, target: Target) -> None:
    for actor in (alice.actor, SYSTEM):
        with pytest.raises(PermissionDeniedError):
            back_up(actor=actor, folder=target.folder)
        with pytest.raises(PermissionDeniedError):
            restore(actor=actor, folder=target.folder, kit="", upgrade=_nothing)
    assert not target.folder.exists()


def test_a_damaged_agent_holds_up_no_other(archive: Agent, alice: Person, target: Target) -> None:
    damaged = create_agent(actor=alice.actor, name="Damaged")
    close_all()
    location(damaged.silo).write_bytes(os.urandom(65536))
    found = backed_up(target)
    assert archive.silo in found
    assert damaged.silo not in found
    destroy_silo(damaged.silo)


def test_originals_of_what_was_erased_leave_the_target(archive: Agent, alice: Person, target: Target) -> None:
    backed_up(target)
    assert list((target.originals / archive.silo).iterdir())
    delete_agent(actor=alice.actor, agent=archive)
    backed_up(target)
    assert not (target.originals / archive.silo).exists()


def test_the_newest_seven_are_kept(archive: Agent, target: Target) -> None:
    for _ in range(KEEP + 2):
        backed_up(target)
    names = [path.name for path in target.whole_snapshots()]
    assert len(names) == KEEP
    assert names == sorted(names)


def test_nothing_is_restored_over_an_installation(archive: Agent, target: Target) -> None:
    backed_up(target)
    before = location(archive.silo).read_bytes()
    kit = " ".join(cleartext_recovery_kit(cleartext_root(settings.MUNIMENT_KEYS)))
    with pytest.raises(RestoreError, match="There is an installation here already"):
        restore(actor=operator_actor(None), folder=target.folder, kit=kit, upgrade=_nothing)
    with pytest.raises(RestoreError, match="no such snapshot"):
        restore(actor=operator_actor(None), folder=target.folder, kit=kit, upgrade=_nothing, snapshot="2020-01-01")
    assert location(archive.silo).read_bytes() == before


def test_a_restore_that_fails_takes_nobody_elses_file_away(archive: Agent, target: Target, tmp_path: Path) -> None:
    back_up(actor=operator_actor(None), folder=target.folder)
    (snapshot,) = target.whole_snapshots()
    kit = " ".join(cleartext_recovery_kit(cleartext_root(settings.MUNIMENT_KEYS)))
    home, keys = tmp_path / "new-home", tmp_path / "new-keys"
    keys.mkdir()
    (keys / "notes.txt").write_text("mine")
    with pytest.raises(RestoreError, match="or other files"), laid_out(target, snapshot, kit=kit, home=home, keys=keys):
        raise AssertionError
    assert (keys / "notes.txt").read_text() == "mine"
    (keys / "notes.txt").unlink()
    with laid_out(target, snapshot, kit=kit, home=home, keys=keys):
        assert (home / "control.db").exists()
    assert (keys / "root.key").exists()


def test_a_second_backup_leaves_the_first_its_snapshot(archive: Agent, target: Target) -> None:
    def meanwhile(_done: int, _of: int) -> None:
        with pytest.raises(TargetError, match="Another backup"):
            back_up(actor=operator_actor(None), folder=target.folder)

    made = back_up(actor=operator_actor(None), folder=target.folder, watch=meanwhile)
    (snapshot,) = target.whole_snapshots()
    assert read_manifest(snapshot) == made


def test_an_agent_that_is_erased_before_its_turn_is_left_out(archive: Agent, alice: Person, target: Target) -> None:
    create_agent(actor=alice.actor, name="Second")
    kept, *doomed = silos()

    def meanwhile(done: int, _of: int) -> None:
        if done == 1:
            for silo in doomed:
                destroy_silo(silo)

    made = back_up(actor=operator_actor(None), folder=target.folder, watch=meanwhile)
    assert list(made.silos) == [kept]
    assert doomed
