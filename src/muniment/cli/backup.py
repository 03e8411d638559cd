import sys
from pathlib import Path
from typing import IO

import click
from django.conf import settings

from muniment.backup.services import back_up, restore_agent
from muniment.backup.services import restore as restore_installation
from muniment.cli.acting import find_agent, operator, team_option
from muniment.cli.frame import Prepared
from muniment.cli.progress import progress
from muniment.cli.schema import bring_up
from muniment.cli.start import prepare
from muniment.core.process import keep_private
from muniment.crypto.services import start_lock
from muniment.teams.selectors import operator_actor

_folder = click.Path(path_type=Path, file_okay=False)


@click.command(cls=Prepared)
@click.argument("target", type=_folder)
def backup(*, target: Path) -> None:
    """Make a snapshot in the folder TARGET, while work goes on.

    From then on TARGET also holds the one current copy of the keyring: what is erased later can be read from no
    snapshot. The root key is not in it; keep your recovery kit.
    """
    with progress("Copying agents") as at:
        made = back_up(actor=operator_actor(None), folder=target, watch=at)
    click.echo(f"Snapshot {made.at} is in {target}. Agents in it: {len(made.silos)}.")


@click.command()
@click.argument("target", type=_folder)
@click.option("--snapshot", metavar="TIME", help="One of the target's snapshots; the newest by default.")
@click.option("--kit", type=click.File("r"), help="A file with the recovery kit, - for standard input.")
@click.option("--agent", metavar="AGENT", help="Bring back this one agent (id or name) while all others work.")
@team_option
def restore(*, target: Path, snapshot: str | None, kit: IO[str] | None, agent: str | None, team: str | None) -> None:
    """Rebuild the installation from TARGET into an empty MUNIMENT_HOME and MUNIMENT_KEYS.

    With --agent: bring one damaged agent of this installation back, as it was in the snapshot. No recovery kit is
    needed. What was deleted since stays deleted; what was added to that agent since is lost.
    """
    if agent is not None:
        _restore_agent(target, agent, snapshot, team)
        return
    keep_private()
    typed = _kit(kit)
    with start_lock(settings.MUNIMENT_KEYS), progress("Restoring agents") as at:
        gone, alive = restore_installation(
            actor=operator_actor(None), folder=target, kit=typed, upgrade=bring_up, snapshot=snapshot, watch=at
        )
    click.echo(f"Restored to {settings.MUNIMENT_HOME}. Agents: {alive}. Erased since the snapshot: {gone}.")


def _restore_agent(target: Path, named: str, snapshot: str | None, team: str | None) -> None:
    prepare()
    actor = operator(team)
    found = find_agent(actor, named)
    documents = restore_agent(actor=actor, agent=found, folder=target, snapshot=snapshot)
    click.echo(f"Restored {found.name}. Documents: {documents}. All other agents are as they were.")


def _kit(file: IO[str] | None) -> str:
    """Never an argument: those are seen by every process of the machine and stay in the shell's history."""
    if file is not None:
        return file.read()
    if not sys.stdin.isatty():
        return sys.stdin.read()
    typed: str = click.prompt("Recovery kit, 14 groups of 4 characters", hide_input=False)
    return typed
