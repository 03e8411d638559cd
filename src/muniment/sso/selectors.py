"""Reads: a team's connections, and who came by them."""

from operator import attrgetter
from typing import TYPE_CHECKING

from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.core.database.prepared import Given, Prepared
from muniment.core.errors import NotFoundError
from muniment.sso.models import Connection, Identity, SamlProvider
from muniment.sso.policies import require_view
from muniment.sso.saml.certificates import read_certificate
from muniment.sso.types import Protocol
from muniment.teams.selectors import proven_domains, proving

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

_PARTS = ("saml", "oidc")
_ON = Prepared(
    lambda: (
        Connection.objects.filter(team=Given("team"), is_on=True).select_related(*_PARTS).order_by("created_at", "pk")
    )
)
_OTHERS = Prepared(
    lambda: Connection.objects.filter(team=Given("team")).exclude(pk=Given("but")).values_list("domains", flat=True)
)
_NAMED = {
    Protocol.SAML: ("saml__entity_id", "saml__certificates"),
    Protocol.OIDC: ("oidc__issuer", "oidc__client_id"),
}
"""What makes it another provider."""


def connections_of(actor: Actor) -> "QuerySet[Connection]":
    """Of the actor's team, by name."""
    return Connection.objects.filter(team=require_view(actor)).select_related(*_PARTS).order_by("name")


def connection_of(actor: Actor, identifier: str) -> Connection:
    """One of the actor's team; NotFoundError for every other."""
    found = connections_of(actor).filter(pk=identifier).first()
    if found is None:
        raise NotFoundError("There is no such connection.")
    return found


def open_connection(identifier: str, protocol: str) -> Connection:
    """For the doors a provider knows: whoever comes by them is nobody yet. NotFoundError."""
    found = Connection.objects.filter(pk=identifier, protocol=protocol).select_related(*_PARTS).first()
    if found is None:
        raise NotFoundError("There is no such connection.")
    return found


def require_connection(identifier: str, protocol: str) -> None:
    """As `open_connection`, for a door that needs to know no more."""
    if not Connection.objects.filter(pk=identifier, protocol=protocol).exists():
        raise NotFoundError("There is no such connection.")


def connection_that_opened(identifier: str) -> Connection | None:
    """By what a session says of how it was opened."""
    return Connection.objects.filter(pk=identifier, is_on=True).select_related(*_PARTS).first()


def connection_for(email: str) -> Connection | None:
    """By which somebody with this address signs in: one that is for the domain, else one that is for all of its team's.

    It is found by the domain alone, which DNS says to everybody: whether the person is known is told to nobody.
    """
    found = proving(email)
    if found is None:
        return None
    fitting = [one for one in _ON.ask(team=found.team_id) if not one.domains or found.name in one.domains]
    return next(iter(sorted(fitting, key=lambda one: not one.domains)), None)


def speaks_for(connection: Connection, email: str) -> bool:
    """Whether the connection is for this address, as accounts have it: it names the domain; or it names none, and no
    other of its team names this one.

    Attack stopped: the provider that one connection is for, an agency's, names the people of another.
    """
    domain = email.rpartition("@")[2]
    if connection.domains:
        return domain in connection.domains
    return not any(domain in domains for domains in _OTHERS.ask(team=connection.team_id, but=connection.pk))


def still_for(connection: Connection, domain: str) -> bool:
    """Whether the domain, as accounts have it, is still its team's, and the connection still for it."""
    return domain in proven_domains(connection.team_id) and speaks_for(connection, f"@{domain}")


def same_still(connection: Connection) -> bool:
    """Whether it is on, and of the provider that it was read with."""
    named = _NAMED[Protocol(connection.protocol)]
    found = Connection.objects.filter(pk=connection.pk, is_on=True).values_list(*named).first()
    return found == tuple(attrgetter(*(name.replace("__", ".") for name in named))(connection))


def days_left(saml: SamlProvider) -> int | None:
    """Whole days until the certificate that lasts longest ends; None where there is none."""
    ends = [read_certificate(pem).expires for pem in saml.certificates]
    return (max(ends) - now()).days if ends else None


def connections_on(identifiers: "Iterable[str]") -> "QuerySet[Connection]":
    """Of these, those that somebody can come by, by name. For doors that nobody has come through yet."""
    return Connection.objects.filter(pk__in=list(identifiers), is_on=True).select_related(*_PARTS).order_by("name")


def any_is_on() -> bool:
    return Connection.objects.filter(is_on=True).exists()


def people_of(actor: Actor, connection: Connection) -> "QuerySet[Identity]":
    """Who came by this connection, by e-mail address."""
    require_view(actor)
    return Identity.objects.filter(connection=connection).select_related("user").order_by("user__email")
