"""`muniment ingest`: files into an agent."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muniment.cli.acting import find_agent, json_option, operator, team_option
from muniment.cli.frame import Prepared
from muniment.cli.waiting import wait_for_documents
from muniment.core.actors import Actor
from muniment.core.errors import PermanentError
from muniment.ingest.services import add_document

if TYPE_CHECKING:
    from muniment.agents.models import Agent

_PIECE = 1 << 20


@dataclass
class _Given:
    """One file on its way in. `state` as in the agent's list of documents, or "refused" when it was not taken."""

    path: str
    name: str
    document: str | None = None
    duplicate: bool = False
    state: str = "queued"
    error: str = ""


@click.command(cls=Prepared)
@click.argument("agent")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, path_type=Path))
@click.option("--wait", is_flag=True, help="Return when every document is live or failed.")
@team_option
@json_option
def ingest(*, agent: str, paths: tuple[Path, ...], wait: bool, team: str | None, as_json: bool) -> None:
    """Give AGENT (id or name) files, or folders with all files in them.

    A file of the same name replaces the one before once it is read. Without --wait the files are read by the worker
    of `muniment serve`.
    """
    actor = operator(team)
    found = find_agent(actor, agent)
    given = [_give(actor, found, path, name) for path, name in _files(paths)]
    if wait:
        states = wait_for_documents(actor, found, [one.document for one in given if one.document])
        for one in given:
            if one.document in states:
                one.state, one.error = states[one.document]
    _report(given, as_json=as_json)
    failed = sum(one.state in {"failed", "refused"} for one in given)
    if failed:
        raise PermanentError(f"{failed} of {len(given)} files could not be taken in.")


def _files(paths: tuple[Path, ...]) -> Iterator[tuple[Path, str]]:
    """Each file with its name. In folders, hidden files are passed over and links are not followed."""
    for path in paths:
        if not path.is_dir():
            yield path, path.name
            continue
        for folder, below, names in os.walk(path):
            below[:] = sorted(name for name in below if not name.startswith("."))
            for name in sorted(names):
                file = Path(folder) / name
                if not name.startswith(".") and file.is_file() and not file.is_symlink():
                    yield file, f"{path.resolve().name}/{file.relative_to(path).as_posix()}"


def _give(actor: Actor, agent: "Agent", path: Path, name: str) -> _Given:
    try:
        added = add_document(actor=actor, agent=agent, name=name, source=_pieces(path))
    except PermanentError as error:
        return _Given(str(path), name, state="refused", error=str(error))
    except PermissionError:
        return _Given(str(path), name, state="refused", error="This file cannot be read. Check its permissions.")
    return _Given(str(path), name, document=added.document, duplicate=added.duplicate)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _report(given: list[_Given], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"documents": [asdict(one) for one in given]}, ensure_ascii=False))
        return
    for one in given:
        same = " (the same bytes were there already)" if one.duplicate else ""
        click.echo(f"{one.state:8} {one.name}{same}{': ' + one.error if one.error else ''}")
