"""What is expected of a message, and what it says once it is believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"

EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a response must fit. All addresses and ids are compared character by character.

    `request_id` is the id of the request that this browser was sent away with; None only where the connection lets
    the provider begin: then the response must answer no request at all. `private_key` opens encrypted assertions.
    """

    entity_id: str
    acs_url: str
    provider: str
    certificates: tuple[str, ...]
    request_id: str | None
    private_key: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a verified assertion says.

    `assertion_id` may be used once: the caller remembers it until `valid_until`, after which this same assertion is
    refused for its age. `session_not_on_or_after`: the session here may not outlast it.
    """

    assertion_id: str
    name_id: str
    name_id_format: str
    session_index: str
    attributes: Mapping[str, tuple[str, ...]]
    valid_until: datetime
    session_not_on_or_after: datetime | None
    authn_instant: datetime


@dataclass(frozen=True, slots=True)
class OurKey:
    """A connection's own private key and certificate, PEM."""

    private: str
    certificate: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """Send the browser to `address`. `id`: the message's, which the answer must name."""

    id: str
    address: str


@dataclass(frozen=True, slots=True)
class Form:
    """Have the browser post `fields` to `address`."""

    id: str
    address: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ByRedirect:
    """A message as it came: the query string, raw, undecoded, without its question mark."""

    query: str


@dataclass(frozen=True, slots=True)
class ByPost:
    """A message as it came: the form's SAMLRequest or SAMLResponse."""

    message: str


@dataclass(frozen=True, slots=True)
class LogoutExpected:
    """What a message about a sign-out must fit: `destination` is our own address for them, `provider` who speaks."""

    destination: str
    provider: str
    certificates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogoutRequested:
    """The provider asks to end the sessions of one person: all that it opened, or those with these indexes.

    Whose they are, is for the caller to compare. `id` may be used once, and is remembered until `valid_until`.
    """

    id: str
    name_id: str
    name_id_format: str
    session_indexes: tuple[str, ...]
    valid_until: datetime
    relay_state: str


@dataclass(frozen=True, slots=True)
class LogoutAnswered:
    """The provider answered our own request. `complete`: it ended every session it knows of."""

    id: str
    complete: bool
    relay_state: str


@dataclass(frozen=True, slots=True)
class ProviderMetadata:
    """What a provider says of itself. Addresses it does not name are empty; certificates are PEM."""

    entity_id: str
    sso_redirect: str
    sso_post: str
    slo_redirect: str
    slo_post: str
    slo_response_redirect: str
    slo_response_post: str
    certificates: tuple[str, ...]
    wants_signed_requests: bool
    valid_until: datetime | None
    cache_duration: timedelta | None
