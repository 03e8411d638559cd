"""`muniment document`: what an agent holds, and the proof of what became of a file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from muniment.audit.services import make_receipt
from muniment.cli.acting import find_agent, json_option, operator, team_option
from muniment.cli.frame import Prepared
from muniment.cli.receipts import receipt_file
from muniment.core.actors import Actor
from muniment.core.cleaning import one_line
from muniment.core.errors import NotFoundError, PermanentError
from muniment.ingest.selectors import documents, with_original

if TYPE_CHECKING:
    from muniment.agents.models import Agent
    from muniment.ingest.documents import Document


@click.group()
def document() -> None:
    """Documents: what an agent holds, and what became of their files."""


@document.command(cls=Prepared, name="list")
@click.argument("agent")
@team_option
@json_option
def list_documents(*, agent: str, team: str | None, as_json: bool) -> None:
    """List the documents of AGENT (id or name), newest first, each with what became of its file."""
    actor = operator(team)
    found = _all(actor, find_agent(actor, agent))
    if as_json:
        click.echo(json.dumps(found))
        return
    for one in found:
        click.echo(f"{one['id']}  {one['state']:7}  file {one['file']:8}  {one_line(one['name'])}")


@document.command(cls=Prepared, name="receipt")
@click.argument("agent")
@click.argument("document")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this new file instead.")
@team_option
def receipt(*, agent: str, document: str, output: Path | None, team: str | None) -> None:
    """Print the receipt of the deletion of a file: that of DOCUMENT (id or name) of AGENT (id or name)."""
    actor = operator(team)
    found = _one(actor, find_agent(actor, agent), document)
    if not found.original_erased:
        raise PermanentError("The file of this document was not deleted, so there is no receipt of it.")
    with receipt_file(output) as file:
        proof = make_receipt(found.original_erased)
        click.echo(proof, file=file)


def _all(actor: Actor, agent: "Agent") -> list[dict[str, Any]]:
    found = documents(actor, agent)
    kept = with_original(actor, agent, found)
    return [
        {"id": one.id, "name": one.name, "state": one.state, "file": "kept" if one.id in kept else "deleted"}
        for one in found
    ]


def _one(actor: Actor, agent: "Agent", named: str) -> "Document":
    """By id, else by name: a name is one document's."""
    found = documents(actor, agent)
    for one in [*(one for one in found if one.id == named), *(one for one in found if one.name == named)]:
        return one
    raise NotFoundError("There is no such document in this agent. List them with: muniment document list AGENT")
