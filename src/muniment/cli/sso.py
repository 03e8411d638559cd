import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from muniment.cli.acting import json_option, operator, team_option
from muniment.cli.frame import Prepared
from muniment.core.errors import PermanentError
from muniment.sso.selectors import connections_of
from muniment.sso.services import (
    create_connection,
    set_by_address,
    set_by_document,
    switch_connection,
    told_to_provider,
)
from muniment.sso.types import Protocol
from muniment.teams.selectors import team_of
from muniment.teams.services import set_sso_only

if TYPE_CHECKING:
    from muniment.core.actors import Actor
    from muniment.sso.models import Connection


@click.group()
def sso() -> None:
    """Single sign-on: a team's connections to its identity providers."""


@sso.command(cls=Prepared, name="list")
@team_option
@json_option
def list_connections(*, team: str | None, as_json: bool) -> None:
    """List the team's connections, each with what its provider has to be told."""
    found = list(connections_of(operator(team)))
    click.echo(json.dumps([_facts(one) for one in found]) if as_json else "\n".join(map(_line, found)))


@sso.command(cls=Prepared, name="import-metadata")
@click.argument("source", metavar="FILE|URL")
@click.option("--name", default="", help="Of the connection: an existing one is changed, another one made.")
@click.option("--entity-id", default="", help="Which provider, where the document names several.")
@click.option("--on", is_flag=True, help="Switch the connection on as well.")
@team_option
@json_option
def import_metadata(*, source: str, name: str, entity_id: str, on: bool, team: str | None, as_json: bool) -> None:
    """Read a SAML provider's metadata, from a file or an address, into a connection of the team.

    From an address they are read anew every day.
    """
    actor = operator(team)
    found = _named(actor, name or "Identity provider")
    if "://" in source:
        set_by_address(actor=actor, connection=found.pk, url=source, entity_id=entity_id)
    else:
        set_by_document(actor=actor, connection=found.pk, data=_content(source), entity_id=entity_id)
    if on:
        switch_connection(actor=actor, connection=found.pk, on=True)
    found = connections_of(actor).get(pk=found.pk)
    click.echo(json.dumps(_facts(found)) if as_json else _line(found))


@sso.command(cls=Prepared, name="allow-passwords")
@team_option
def allow_passwords(*, team: str | None) -> None:
    """Let e-mail and password open the team again, for the day its provider fails and nobody is kept who can."""
    actor = operator(team)
    set_sso_only(actor=actor, on=False, by_provider=False)
    click.echo(f"E-mail and password open {team_of(actor).name} again.")


def _named(actor: "Actor", name: str) -> "Connection":
    found = connections_of(actor).filter(name=name).first()
    return found or create_connection(actor=actor, protocol=Protocol.SAML, name=name)


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        raise PermanentError(f"{path} cannot be read. Name a file, or an address that begins with https://") from None


def _line(connection: "Connection") -> str:
    told = "  ".join(f"{name}: {value}" for name, value in told_to_provider(connection).items())
    return f"{connection.name}  {connection.protocol}  {'on' if connection.is_on else 'off'}  {told}"


def _facts(connection: "Connection") -> dict[str, Any]:
    facts = {"id": connection.pk, "name": connection.name, "protocol": connection.protocol, "on": connection.is_on}
    return facts | told_to_provider(connection)
