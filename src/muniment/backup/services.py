"""Backing up and restoring."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from muniment.audit.services import FileWitness, checkpoint_now, open_epoch_after, record, show_log
from muniment.backup import events
from muniment.backup.errors import RestoreError, TargetError
from muniment.backup.one_agent import bring_back, newest_with
from muniment.backup.restore import laid_out, reconcile
from muniment.backup.snapshot import make_snapshot
from muniment.backup.target import Manifest, Target
from muniment.core.actors import Actor, ActorKind
from muniment.core.errors import PermissionDeniedError
from muniment.core.watch import Watch, unwatched
from muniment.crypto.services import forget_keyring, keyring
from muniment.silo.services import close_all

if TYPE_CHECKING:
    from muniment.agents.models import Agent


def back_up(*, actor: Actor, folder: Path, watch: Watch = unwatched) -> Manifest:
    """Makes a snapshot in the target and keeps its copy of the keyring current from now on.

    `watch` is told how many agents are copied, of how many.
    """
    _check(actor)
    target = Target.prepare(folder, home=settings.MUNIMENT_HOME, keys=settings.MUNIMENT_KEYS)
    with target.alone():
        keyring().mirrors.add(target.folder)
        if target.folder in keyring().mirrors.stale():
            raise TargetError(
                "The backup target cannot be written. Check that it is mounted and writable, and try again."
            )
        checkpoint_now()  # the snapshot's own log tells what was done before it, also when no server ever sequenced it
        manifest = make_snapshot(target, keyring=keyring(), watch=watch)
    with transaction.atomic():
        record(kind=events.BACKUP_MADE, actor=actor, facts={"silos": len(manifest.silos)})
    checkpoint_now()
    show_log(FileWitness(target.witness))
    return manifest


def restore(
    *,
    actor: Actor,
    folder: Path,
    kit: str,
    upgrade: Callable[[], None],
    snapshot: str | None = None,
    watch: Watch = unwatched,
) -> tuple[int, int]:
    """Rebuilds the installation from a target into the empty home and keys of the settings.

    `snapshot` names one of the target's (the newest by default); `upgrade` brings its tables up to this program's.
    Returns (agents that stay erased, agents restored).
    """
    _check(actor)
    target = Target(folder.resolve())
    whole = target.whole_snapshots()
    chosen = [path for path in whole if snapshot in (None, path.name)]
    if not chosen:
        raise RestoreError("There is no such snapshot in this target. Look into its folder named snapshots.")
    with laid_out(target, chosen[-1], kit=kit, home=settings.MUNIMENT_HOME, keys=settings.MUNIMENT_KEYS):
        close_all()
        forget_keyring()
        witness = FileWitness(target.witness)
        if not witness.heads():
            raise RestoreError(
                "This target remembers no checkpoint of the audit log. Bring the newest copy of the target."
            )
        keyring().finish_destructions()
        upgrade()
        gone, alive = reconcile(watch)
        open_epoch_after(witness)  # the log goes on after every head it remembers, never behind (DESIGN section 7)
        with transaction.atomic():
            record(kind=events.BACKUP_RESTORED, actor=actor, facts={"agents_gone": gone, "silos": alive})
        checkpoint_now()
        with suppress(OSError):  # a target that can only be read is shown the log by the next backup
            show_log(witness)
        # Last: keys made after the snapshot are gone from here. A restore that fails must not take them out of the
        # target, where a newer snapshot needs them.
        keyring().mirrors.add(target.folder)
    return gone, alive


def restore_agent(*, actor: Actor, agent: "Agent", folder: Path, snapshot: str | None = None) -> int:
    """Brings one agent back from a target, as it was in a snapshot, while all others work; returns its documents.

    `snapshot` as in `restore`; the newest that holds the agent by default. The keys are today's.
    """
    _check(actor)
    target = Target(folder.resolve())
    documents = bring_back(agent, target, newest_with(agent.silo, target, snapshot=snapshot))
    with transaction.atomic():
        record(
            kind=events.AGENT_RESTORED,
            actor=actor,
            silo=agent.silo,
            team=agent.team_id,
            facts={"documents": documents},
        )
    return documents


def _check(actor: Actor) -> None:
    if actor.kind is not ActorKind.OPERATOR:
        raise PermissionDeniedError("Backups are the operator's: run muniment backup on the server.")
