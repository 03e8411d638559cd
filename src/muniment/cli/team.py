import json
from typing import Any, TextIO

import click

from muniment.accounts.services import create_user
from muniment.agents.selectors import agents
from muniment.cli.acting import json_option, operator, team_option
from muniment.cli.frame import Prepared
from muniment.core.errors import NotFoundError, PermanentError
from muniment.credits.selectors import team_use
from muniment.credits.services import reset_limits, set_limits
from muniment.credits.types import Level, TeamUse, Use
from muniment.teams.selectors import account_of, operator_actor, teams_of
from muniment.teams.services import create_team


class _Limit(click.ParamType[int | str]):
    """A whole number, or none."""

    name = "limit"

    def convert(self, value: Any, param: Any, ctx: Any) -> int | str:
        if isinstance(value, int):
            return value
        if value == "none":
            return "none"
        plain = str(value).replace(",", "").replace("_", "")
        if not plain.isdecimal():
            self.fail("It is a whole number, or none.", param, ctx)
        return int(plain)


@click.group()
def team() -> None:
    """Teams: each with members, agents and keys of its own."""


@team.command(cls=Prepared, name="list")
@json_option
def list_teams(*, as_json: bool) -> None:
    """List the teams of this installation."""
    teams = [{"id": team.pk, "name": team.name} for team in teams_of(operator_actor(None))]
    click.echo(json.dumps(teams) if as_json else "\n".join(f"{team['id']}  {team['name']}" for team in teams))


@team.command(cls=Prepared, name="limits")
@click.option(
    "--words", type=_Limit(), metavar="NUMBER", help="Words that its live documents may have together; or none."
)
@click.option("--queries", type=_Limit(), metavar="NUMBER", help="Answers that it may have in a month; or none.")
@click.option("--default", "is_default", is_flag=True, help="Back to what the settings allow every team.")
@team_option
@json_option
def limits(
    *, words: int | str | None, queries: int | str | None, is_default: bool, team: str | None, as_json: bool
) -> None:
    """Show what the team uses and may use, or say what it may use. What is not given stays.

    Nothing that is there is deleted: above the limit new documents wait, and go on by themselves once there is room.
    """
    actor = operator(team)
    if is_default and (words is not None or queries is not None):
        raise PermanentError("Either --default, or limits of its own. Nothing was changed.")
    assert actor.team is not None  # noqa: S101 - the operator acts in a team here
    if is_default:
        reset_limits(actor=actor, team=actor.team)
    elif words is not None or queries is not None:
        use = team_use(actor)
        chosen = {"words": _chosen(words, use.words), "queries": _chosen(queries, use.queries)}
        set_limits(actor=actor, team=actor.team, **chosen)
    use = team_use(actor)
    named = [(one.name, one.pk, use.by_silo.get(one.silo, Use())) for one in agents(actor)]
    if as_json:
        click.echo(json.dumps(_facts(use, named)))
        return
    click.echo(f"words stored: {_said(use.words)}")
    click.echo(f"answers in {use.month}: {_said(use.queries)}")
    if use.waiting:
        click.echo(f"documents that wait for space: {use.waiting}")


def _chosen(given: int | str | None, level: Level) -> int | None:
    return level.limit if given is None else None if given == "none" else int(given)


def _said(level: Level) -> str:
    return (
        f"{level.used:,}, no limit" if level.limit is None else f"{level.used:,} of {level.limit:,} ({level.percent} %)"
    )


def _facts(use: TeamUse, named: list[tuple[str, str, Use]]) -> dict[str, Any]:
    facts = {level.credit.value: {"used": level.used, "limit": level.limit} for level in use.levels}
    agents = [
        {"id": pk, "name": name, "words": one.words, "queries": one.queries, "waiting": one.waiting}
        for name, pk, one in named
    ]
    return {"month": use.month, **facts, "waiting": use.waiting, "agents": agents}


@team.command(cls=Prepared, name="create")
@click.argument("name")
@click.option("--owner", metavar="EMAIL", required=True, help="Whose team it is.")
@click.option(
    "--password-file",
    type=click.File("r"),
    metavar="FILE",
    help="Where EMAIL has no account: read its first password from FILE, or - for the input.",
)
@json_option
def create(*, name: str, owner: str, password_file: TextIO | None, as_json: bool) -> None:
    """Make a further team, with a key, members and agents of its own.

    Nothing of one team exists for another. An owner with an account changes teams in its menu.
    """
    actor = operator_actor(None)
    found = account_of(actor, owner)
    if found is None:
        if password_file is None:
            raise NotFoundError("There is no account with this address. Name a --password-file to make it.")
        found = create_user(actor=actor, email=owner, password=password_file.read().strip("\r\n"))
    made = create_team(actor=actor, name=name, owner=found)
    facts = {"id": made.pk, "name": made.name}
    click.echo(json.dumps(facts) if as_json else f"{made.pk}  {made.name}")
