"""On whose behalf a command acts, and which agent it means."""

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from muniment.agents.selectors import agent as agent_by_id
from muniment.agents.selectors import agents
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError, PermanentError
from muniment.teams.selectors import operator_actor, teams_of
from muniment.teams.services import first_team

if TYPE_CHECKING:
    from muniment.agents.models import Agent
    from muniment.teams.models import Team

team_option = click.option("--team", metavar="TEAM", help="Name or id of the team, where there are several.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON value for scripts.")


class AmbiguousError(PermanentError):
    """A name means several things; the message says how to name one."""


def operator(team: str | None) -> Actor:
    """The operator in the team named, or in the only one; on a fresh installation that team is made."""
    return operator_actor(_team(team).pk)


def find_agent(actor: Actor, named: str) -> "Agent":
    """By id or by exact name. The id counts first.

    Attack stopped: a member names an agent with the id of another one, and gets the files or the deletion meant for it.
    """
    with suppress(NotFoundError):
        return agent_by_id(actor, named)
    same_name = list(agents(actor).filter(name=named)[:2])
    if len(same_name) > 1:
        raise AmbiguousError(f"Several agents are named {named}. Give its id: muniment agent list")
    if not same_name:
        raise NotFoundError("There is no such agent in this team. List them with: muniment agent list")
    return same_name[0]


def _team(named: str | None) -> "Team":
    nobody = operator_actor(None)
    teams = list(teams_of(nobody))
    if named is not None:
        teams = [team for team in teams if team.pk == named] or [team for team in teams if team.name == named]
        if not teams:
            raise NotFoundError("There is no such team. List them with: muniment team list")
    if len(teams) > 1:
        raise AmbiguousError("There are several teams. Choose one with --team; muniment team list shows their ids.")
    return teams[0] if teams else first_team(actor=nobody)
