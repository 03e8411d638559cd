import json
from typing import TYPE_CHECKING, Any

import click

from muniment.cli.acting import json_option, operator, team_option
from muniment.cli.frame import Prepared
from muniment.core.errors import PermanentError
from muniment.teams.selectors import domain_by_name, domains_of, team_of
from muniment.teams.services import add_domain, check_domain, remove_domain, retry_domain
from muniment.teams.types import DomainFound, DomainState

if TYPE_CHECKING:
    from muniment.teams.models import Domain

_FOUND = {
    DomainFound.PROOF: "The record is there.",
    DomainFound.NOTHING: "There is no such record yet. New ones can take hours to be seen.",
    DomainFound.OTHER: "There is a record of this name with another value.",
    DomainFound.UNKNOWN: "No name server gave an answer. It is looked for again later.",
    DomainFound.HELD: "The record is there, and another team's is too: that team has the domain until its own is gone.",
}


@click.group()
def domain() -> None:
    """Domains that a team proves to be its own, by a record in DNS."""


@domain.command(cls=Prepared, name="add")
@click.argument("name")
@team_option
@json_option
def add(*, name: str, team: str | None, as_json: bool) -> None:
    """Add a domain to the team, and print the TXT record that proves it.

    Once a worker runs, the record is looked for at once, then ever more slowly, for 72 hours.
    """
    actor = operator(team)
    _print(add_domain(actor=actor, team=team_of(actor), name=name), as_json=as_json)


@domain.command(cls=Prepared, name="verify")
@click.argument("name")
@team_option
@json_option
def verify(*, name: str, team: str | None, as_json: bool) -> None:
    """Look for the record of the domain now. Fails where the domain is not verified then.

    One that had failed is looked for again for another 72 hours.
    """
    actor = operator(team)
    found = domain_by_name(actor, name)
    if found.state == DomainState.FAILED:
        found = retry_domain(actor=actor, domain=found)
    found = check_domain(actor=actor, domain=found)
    if found.state != DomainState.VERIFIED:
        why = _FOUND[DomainFound(found.found)] if found.found else "It was looked for a moment ago. Wait 30 seconds."
        raise PermanentError(f"{found.name} is not verified. {why} Wanted: {_record(found)}")
    _print(found, as_json=as_json)


@domain.command(cls=Prepared, name="list")
@team_option
@json_option
def list_domains(*, team: str | None, as_json: bool) -> None:
    """List the domains of the team, each with its record."""
    domains = list(domains_of(operator(team)))
    click.echo(json.dumps([_facts(one) for one in domains]) if as_json else "\n".join(map(_line, domains)))


@domain.command(cls=Prepared, name="remove")
@click.argument("name")
@team_option
def remove(*, name: str, team: str | None) -> None:
    """Remove the domain from the team: from now on it counts for nothing, and another team may prove it."""
    actor = operator(team)
    remove_domain(actor=actor, domain=domain_by_name(actor, name))


def _print(domain: "Domain", *, as_json: bool) -> None:
    click.echo(json.dumps(_facts(domain)) if as_json else _line(domain))


def _line(domain: "Domain") -> str:
    name = f"{domain.name} ({domain.unicode_name})" if domain.unicode_name else domain.name
    until = (
        f", its record is gone: counts until {domain.counts_until:%Y-%m-%d %H:%M} UTC" if domain.counts_until else ""
    )
    return f"{name}  {domain.state}{until}  {_record(domain)}"


def _record(domain: "Domain") -> str:
    return f'{domain.record_name}. TXT "{domain.record_value}"'


def _facts(domain: "Domain") -> dict[str, Any]:
    return {
        "id": domain.pk,
        "name": domain.name,
        "unicode": domain.unicode_name or domain.name,
        "state": domain.state,
        "found": domain.found or None,
        "record": {"name": domain.record_name, "type": "TXT", "value": domain.record_value},
        "verified_at": domain.verified_at.isoformat() if domain.verified_at else None,
        "counts_until": domain.counts_until.isoformat() if domain.counts_until else None,
    }
