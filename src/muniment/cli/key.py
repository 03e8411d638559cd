import json
from typing import Any

import click

from muniment.cli.acting import find_agent, json_option, operator, team_option
from muniment.cli.frame import Prepared
from muniment.core.permissions import Permission
from muniment.teams.selectors import key as key_by_id
from muniment.teams.selectors import keys_of, team_of
from muniment.teams.services import create_key, revoke_key
from muniment.teams.types import ConsentBy, KeyDraft

_ALL = "all"


@click.group()
def key() -> None:
    """API keys of a team's own. People make theirs on the page API keys."""


@key.command(cls=Prepared, name="create")
@click.option("--name", required=True, help="What it is for.")
@click.option(
    "--permission",
    "permissions",
    multiple=True,
    required=True,
    metavar="PERMISSION",
    type=click.Choice([_ALL, *(one.value for one in Permission)]),
    help="As in docs/permissions.md; repeat it for several, or all for everything a key may do.",
)
@click.option("--agent", "agents", multiple=True, help="Name or id of an agent it is for; repeat it for several.")
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True, help="When it expires.")
@click.option(
    "--consent",
    type=click.Choice([one.value for one in ConsentBy]),
    default=ConsentBy.OURS.value,
    show_default=True,
    help="Who collects the consent of those who ask: ours, or client for whoever holds the key.",
)
@team_option
@json_option
def create(
    *,
    name: str,
    permissions: tuple[str, ...],
    agents: tuple[str, ...],
    days: int,
    consent: str,
    team: str | None,
    as_json: bool,
) -> None:
    """Make an API key and print it: this one time, it is kept nowhere.

    It belongs to the team. With --agent it reaches these agents alone.
    """
    actor = operator(team)
    draft = KeyDraft(
        name=name,
        permissions=frozenset(Permission) if _ALL in permissions else frozenset(map(Permission, permissions)),
        agents=frozenset(find_agent(actor, one).pk for one in agents) if agents else None,
        days=days,
        consent=ConsentBy(consent),
        is_service=True,
    )
    made = create_key(actor=actor, team=team_of(actor), draft=draft)
    facts = _facts(made.key) | {"key": made.token}
    click.echo(json.dumps(facts) if as_json else made.token)


@key.command(cls=Prepared, name="list")
@team_option
@json_option
def list_keys(*, team: str | None, as_json: bool) -> None:
    """List the API keys of the team, those of people too."""
    found = [_facts(one) for one in keys_of(operator(team))]
    lines = [f"{one['id']}  {one['name']}  …{one['tail']}  until {one['expires'][:10]}" for one in found]
    click.echo(json.dumps(found) if as_json else "\n".join(lines))


@key.command(cls=Prepared, name="revoke")
@click.argument("identifier", metavar="ID")
@team_option
def revoke(*, identifier: str, team: str | None) -> None:
    """Revoke the key with this ID: it opens nothing from the next request on."""
    actor = operator(team)
    found = key_by_id(actor, identifier)
    revoke_key(actor=actor, key=found)
    click.echo(f"{found.name} is revoked.")


def _facts(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "tail": one.tail,
        "owner": one.user.email if one.user else None,
        "permissions": one.permissions,
        "agents": one.agents,
        "consent": one.consent,
        "expires": one.expires_at.isoformat(timespec="seconds"),
        "used": one.used_at.isoformat(timespec="seconds") if one.used_at else None,
    }
