import json

import click

from muniment.cli.acting import json_option
from muniment.cli.frame import Prepared
from muniment.teams.selectors import operator_actor, teams_of


@click.group()
def team() -> None:
    """Teams: each with members, agents and keys of its own."""


@team.command(cls=Prepared, name="list")
@json_option
def list_teams(*, as_json: bool) -> None:
    """List the teams of this installation."""
    teams = [{"id": team.pk, "name": team.name} for team in teams_of(operator_actor(None))]
    click.echo(json.dumps(teams) if as_json else "\n".join(f"{team['id']}  {team['name']}" for team in teams))
