import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muniment.agents.selectors import agents
from muniment.agents.services import create_agent, delete_agent, update_agent
from muniment.agents.types import AnswerLength, AtOnce, MaskingMode
from muniment.audit.services import checkpoint_now, make_receipt
from muniment.cli.acting import find_agent, json_option, operator, team_option
from muniment.cli.frame import Prepared
from muniment.cli.masking import masking as masking_command
from muniment.cli.provider import find_provider
from muniment.cli.receipts import receipt_file
from muniment.core.errors import PermanentError
from muniment.ingest.selectors import totals
from muniment.llm.types import LOCAL

if TYPE_CHECKING:
    from muniment.agents.models import Agent


@click.group()
def agent() -> None:
    """Agents: each answers from its own documents, out of its own encrypted silo."""


agent.add_command(masking_command)


@agent.command(cls=Prepared, name="create")
@click.argument("name")
@click.option(
    "--masking",
    type=click.Choice([mode.value for mode in MaskingMode]),
    default=MaskingMode.STAND_INS.value,
    show_default=True,
    help="What becomes of personal data before anything is indexed.",
)
@click.option("--delete-originals", is_flag=True, help="Delete each file once it was read, or cannot be.")
@click.option("--ephemeral", is_flag=True, help="Store nothing of any conversation.")
@team_option
@json_option
def create(
    *, name: str, masking: str, delete_originals: bool, ephemeral: bool, team: str | None, as_json: bool
) -> None:
    """Make an agent named NAME and print its id."""
    deletes = AtOnce(originals=delete_originals, conversations=ephemeral)
    made = create_agent(actor=operator(team), name=name, masking=MaskingMode(masking), deletes=deletes)
    click.echo(json.dumps(_facts(made)) if as_json else made.id)


@agent.command(cls=Prepared, name="list")
@team_option
@json_option
def list_agents(*, team: str | None, as_json: bool) -> None:
    """List the agents of the team, newest first."""
    found = [_facts(one) for one in agents(operator(team))]
    if not found and not as_json:
        click.echo("There are no agents yet. Make one with: muniment agent create NAME", err=True)
        return
    click.echo(json.dumps(found) if as_json else "\n".join(f"{one['id']}  {one['name']}" for one in found))


@agent.command(cls=Prepared, name="update")
@click.argument("agent")
@click.option("--name", help="Its new name.")
@click.option("--instructions", help="How a model should speak, and for whom.")
@click.option("--length", type=click.Choice([str(length) for length in AnswerLength]), help="Length of answers.")
@click.option(
    "--provider", metavar="PROVIDER", help="Who writes the answer: a provider's id or name, local, or none for quotes."
)
@team_option
@json_option
def update(*, agent: str, provider: str | None, team: str | None, as_json: bool, **changes: str | None) -> None:
    """Change AGENT (id or name); what is not given stays."""
    actor = operator(team)
    found = find_agent(actor, agent)
    given = {field: value for field, value in changes.items() if value is not None}
    if provider is not None:
        words = {"none": "", LOCAL: LOCAL}
        given["provider"] = words[provider] if provider in words else find_provider(actor, provider).pk
    if not given:
        raise PermanentError("Nothing to change was given. See: muniment agent update --help")
    changed = update_agent(actor=actor, agent=found, **given)
    click.echo(json.dumps(_facts(changed)) if as_json else "Changed.")


@agent.command(cls=Prepared, name="delete")
@click.argument("agent")
@click.option("--receipt", type=click.Path(path_type=Path, dir_okay=False), help="Write the receipt to this new file.")
@click.option("--yes", is_flag=True, help="Do not ask, also on a terminal.")
@team_option
def delete(*, agent: str, receipt: Path | None, yes: bool, team: str | None) -> None:
    """Erase AGENT (id or name) for ever: its key, its documents, its conversations, also in every backup."""
    actor = operator(team)
    found = find_agent(actor, agent)
    if sys.stdin.isatty() and not yes:
        count = totals(actor, found).all
        typed = click.prompt(f"This erases {count} documents and cannot be undone. Type the agent's name")
        if typed.strip() != found.name:
            raise PermanentError("That is not its name. Nothing was deleted.")
    with receipt_file(receipt) as file:
        event = delete_agent(actor=actor, agent=found)
        checkpoint_now()  # before the command reports success, its proof is signed
        if file is not None:
            file.write(make_receipt(event) + "\n")
    written = f"; the receipt is in {receipt}" if receipt else ""
    click.echo(f"Deleted. The key of this agent was destroyed{written}.")


def _facts(agent: "Agent") -> dict[str, str]:
    return {"id": agent.id, "name": agent.name, "state": agent.state, "created_at": agent.created_at.isoformat()}
