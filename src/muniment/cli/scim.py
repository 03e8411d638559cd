import json
from typing import Any

import click

from muniment.cli.acting import json_option, operator, team_option
from muniment.cli.frame import Prepared
from muniment.scim.selectors import tokens_of
from muniment.scim.services import create_token, revoke_token
from muniment.scim.types import LONGEST_LIFE, TokenView


@click.group()
def scim() -> None:
    """Provisioning: people and groups as a team's provider of identities keeps them (SCIM 2.0)."""


@scim.group()
def token() -> None:
    """Tokens that the provider comes with. Each is one team's; two live at once, so that one can replace the other."""


@token.command(cls=Prepared, name="create")
@click.option("--name", required=True, help="What it is for.")
@click.option(
    "--days", type=click.IntRange(1, LONGEST_LIFE), default=LONGEST_LIFE, show_default=True, help="When it expires."
)
@team_option
@json_option
def create(*, name: str, days: int, team: str | None, as_json: bool) -> None:
    """Make a token and print it: this one time, it is kept nowhere."""
    made = create_token(actor=operator(team), name=name, days=days)
    facts = {
        "id": made.id,
        "name": made.name,
        "expires": made.expires.isoformat(timespec="seconds"),
        "token": made.token,
    }
    click.echo(json.dumps(facts) if as_json else made.token)


@token.command(cls=Prepared, name="list")
@team_option
@json_option
def list_tokens(*, team: str | None, as_json: bool) -> None:
    """List the tokens of the team, the newest first."""
    found = [_facts(one) for one in tokens_of(operator(team))]
    lines = [f"{one['id']}  {one['name']}  …{one['tail']}  until {one['expires'][:10]}" for one in found]
    click.echo(json.dumps(found) if as_json else "\n".join(lines))


@token.command(cls=Prepared, name="revoke")
@click.argument("identifier", metavar="ID")
@team_option
def revoke(*, identifier: str, team: str | None) -> None:
    """Revoke the token with this ID: it opens nothing from the next request on."""
    click.echo(f"{revoke_token(actor=operator(team), token=identifier)} is revoked.")


def _facts(one: TokenView) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "tail": one.tail,
        "created": one.created.isoformat(timespec="seconds"),
        "expires": one.expires.isoformat(timespec="seconds"),
        "used": one.used.isoformat(timespec="seconds") if one.used else None,
    }
