"""Who comes back from a provider: told apart by what was asked for, and answered."""

import hashlib
import secrets
from typing import TYPE_CHECKING

from muniment.core.actors import system_in
from muniment.core.clock import now
from muniment.core.database.passing import transaction_that_may_be_lost
from muniment.core.database.prepared import Given, Prepared
from muniment.sso.asking import Asked, take_asked
from muniment.sso.errors import NotAskedError, NotLetInError, ProviderBusyError, Refused
from muniment.sso.letting_in import note_refusal, refuse
from muniment.sso.models import Arrival, Connection
from muniment.sso.oidc_speaking import statement_by_oidc
from muniment.sso.patience import ALL, asking
from muniment.sso.saml_speaking import statement_by_saml
from muniment.sso.selectors import require_connection
from muniment.sso.types import ARRIVAL_KEPT, Protocol, Purpose, Statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

LARGEST = 256 * 1024  # characters of a message
_NAMED = Prepared(
    lambda: Arrival.objects.filter(name=Given("name"), connection=Given("connection")).select_related(
        "connection__saml"
    )
)
MOST_WAITING = 1000
"""Of one connection. A browser comes for its own at once, so the oldest of more are nobody's."""


def keep_arrival(*, connection: str, message: str, relay_state: str) -> str:
    """The name under which it is fetched by the same browser's next request, once. `connection`: its id. Raises
    NotAskedError; NotFoundError where there is no such connection.

    Attack stopped: whoever knows the address fills the disk, or fills the line so that nobody signs in any more.
    """
    if len(message) > LARGEST or not message.isascii():
        raise NotAskedError("What arrived is no answer of a provider. Begin again at the sign-in page.")
    require_connection(connection, Protocol.SAML)
    name = secrets.token_urlsafe(32)
    with transaction_that_may_be_lost():
        waiting = Arrival.objects.filter(connection=connection).order_by("-created_at")
        Arrival.objects.filter(pk__in=list(waiting.values_list("pk", flat=True)[MOST_WAITING - 1 :])).delete()
        kept = {"message": message, "relay_state": relay_state[:80]}
        Arrival.objects.create(name=_hash(name), connection_id=connection, **kept)
    return name


def take_arrival(*, connection: str, name: str) -> Arrival:
    """`connection`: its id. Raises NotAskedError."""
    with transaction_that_may_be_lost():
        found = _NAMED.first(name=_hash(name), connection=connection)
        if found is None or now() - found.created_at >= ARRIVAL_KEPT:
            raise NotAskedError("This sign-in was used already, or is too old. Begin again at the sign-in page.")
        Arrival.objects.filter(pk=found.pk).delete()
    return found


def heard_by_saml(*, request: "HttpRequest", arrival: Arrival) -> tuple[Asked, Statement | NotLetInError]:
    """What was asked for, and what the provider says. A provider that begins by itself is heard where that is switched
    on. Raises NotAskedError.

    Attack stopped: a response that was given to somebody else is brought here with its answer to no request: it
    answers the one this browser was sent with, or none at all where that may be.
    """
    connection = arrival.connection
    try:
        asked = take_asked(request, key=arrival.relay_state, connection=connection.pk)
    except NotAskedError:
        if not connection.saml.lets_provider_begin:
            raise
        asked = Asked(connection.pk, Purpose.SIGN_IN, "/", kept={})
    return asked, _heard(connection, asked, lambda: _by_saml(connection, arrival.message, asked))


def heard_by_oidc(
    *, request: "HttpRequest", connection: Connection, query: str, state: str
) -> tuple[Asked, Statement | NotLetInError]:
    """The same for an answer of OpenID Connect: `query` as it came, `state` as it says. Raises NotAskedError."""
    asked = take_asked(request, key=state, connection=connection.pk)
    return asked, _heard(connection, asked, lambda: _by_oidc(connection, query, asked))


def _by_saml(connection: Connection, message: str, asked: Asked) -> Statement:
    return statement_by_saml(connection, message, request_id=asked.kept.get("request"))


def _by_oidc(connection: Connection, query: str, asked: Asked) -> Statement:
    acting, kept = system_in(connection.team_id), dict(asked.kept)
    try:
        with asking(connection.pk, ALL):
            return statement_by_oidc(connection, query, key=asked.key, kept=kept, actor=acting)
    except ProviderBusyError as error:
        raise NotLetInError(Refused.PROTOCOL, error) from None


def _heard(connection: Connection, asked: Asked, read: "Callable[[], Statement]") -> Statement | NotLetInError:
    """A connection that is off is heard for a trial alone. What is refused in a trial is shown, not recorded."""
    try:
        if not connection.is_on and asked.purpose is not Purpose.TRIAL:
            refuse(Refused.OFF)
        return read()
    except NotLetInError as error:
        if asked.purpose is not Purpose.TRIAL:
            note_refusal(connection, error, for_chat=asked.purpose is Purpose.CHAT)
        return error


def _hash(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
