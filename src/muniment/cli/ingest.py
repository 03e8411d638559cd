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
from muniment.cli.progress import progress
from muniment.cli.waiting import wait_for_documents
from muniment.core.actors import Actor
from muniment.core.cleaning import one_line
from muniment.core.errors import PermanentError
from muniment.ingest.selectors import out_of_archives
from muniment.ingest.services import add_document
from muniment.jobs.selectors import worker_alive

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
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option(
    "--delete-original", is_flag=True, help="Keep only the text: delete each file once it was read, or cannot be."
)
@click.option("--wait", is_flag=True, help="Return when every document is live or failed.")
@team_option
@json_option
def ingest(
    *, agent: str, paths: tuple[Path, ...], delete_original: bool, wait: bool, team: str | None, as_json: bool
) -> None:
    """Give AGENT (id or name) files, or folders with all files in them.

    A file of the same name replaces the one before once it is read. Without --wait the files are read by the worker
    of `muniment serve`.

    What is deleted by --delete-original is the copy that Muniment took; the files you named are left alone.
    """
    actor = operator(team)
    found = find_agent(actor, agent)
    given = _give_all(actor, found, _named(paths), delete_original=delete_original)
    if wait:
        given = _settled(actor, found, given)
    _report(given, as_json=as_json)
    if not wait and not worker_alive():
        click.echo("No worker runs. The files are read when muniment serve runs, or now with --wait.", err=True)
    failed = sum(one.state in {"failed", "refused"} for one in given)
    if failed:
        raise PermanentError(f"{failed} of {len(given)} files could not be taken in.")


def _settled(actor: Actor, agent: "Agent", given: list[_Given]) -> list[_Given]:
    """Once all are read; in the place of an archive the files that came out of it."""
    states = wait_for_documents(actor, agent, [one.document for one in given if one.document])
    gone = {one.name: one for one in given if one.document and one.document not in states}
    files = {file.id: file for file in out_of_archives(actor, agent, gone)}
    states |= wait_for_documents(actor, agent, files) if files else {}
    opened = {file.archive for file in files.values()}
    settled = [one for one in given if one.name not in opened]
    settled += [_Given(gone[file.archive].path, file.name, document=file.id) for file in files.values()]
    for one in settled:
        if one.document in states:
            one.state, one.error = states[one.document]
    return settled


def _named(paths: tuple[Path, ...]) -> dict[str, Path]:
    """The files by the names their documents get. Refused as a whole, before anything is taken in."""
    named: dict[str, Path] = {}
    for given in paths:
        for path, name in _files(given):
            if name in named:
                raise PermanentError(f"{named[name]} and {path} have one name. Give them apart, or their folder.")
            named[name] = path
    if not named:
        raise PermanentError("There are no files in this folder. Name files, or a folder that holds some.")
    return named


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """Each file with its name. In folders, hidden files are passed over and links are not followed."""
    if path.is_file():
        yield path, path.name
        return
    if not path.is_dir():
        raise PermanentError(f"There is no file or folder {path}. Nothing was taken in.")
    for folder, below, names in os.walk(path, onerror=_refuse):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder) / name
            if not name.startswith(".") and file.is_file() and not file.is_symlink():
                yield file, f"{path.resolve().name}/{file.relative_to(path).as_posix()}"


def _refuse(error: OSError) -> None:
    """A folder that cannot be listed would otherwise be passed over in silence."""
    raise error


def _give_all(actor: Actor, agent: "Agent", named: dict[str, Path], *, delete_original: bool) -> list[_Given]:
    given: list[_Given] = []
    with progress("Taking in") as at:
        for name, path in named.items():
            given.append(_give(actor, agent, path, name, delete_original=delete_original))
            at(len(given), len(named))
    return given


def _give(actor: Actor, agent: "Agent", path: Path, name: str, *, delete_original: bool) -> _Given:
    source = _pieces(path)
    try:
        added = add_document(actor=actor, agent=agent, name=name, source=source, delete_original=delete_original)
    except PermanentError as error:
        return _Given(str(path), name, state="refused", error=str(error))
    except PermissionError:
        return _Given(str(path), name, state="refused", error="This file cannot be read. Check its permissions.")
    return _Given(str(path), added.name, document=added.document, duplicate=added.duplicate)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _report(given: list[_Given], *, as_json: bool) -> None:
    """Attack stopped: whoever puts a file into the folder commands the terminal by its name."""
    if as_json:
        click.echo(json.dumps({"documents": [asdict(one) for one in given]}))  # ASCII: any bytes make a name on Linux
        return
    for one in given:
        same = " (the same bytes were there already)" if one.duplicate else ""
        click.echo(f"{one.state:8} {one_line(one.name)}{same}{': ' + one.error if one.error else ''}")
