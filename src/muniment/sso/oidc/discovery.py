"""What a provider publishes about itself (OpenID Connect Discovery 1.0; RFC 8414)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from muniment.core.actors import Actor
from muniment.core.network.http import Limits, Request
from muniment.sso.oidc.algorithms import ALGORITHMS
from muniment.sso.oidc.errors import ProviderError, shown
from muniment.sso.oidc.wire import LIMITS, ask, check_endpoint

WELL_KNOWN = "/.well-known/openid-configuration"


class ClientAuth(StrEnum):
    """How this server proves to the token endpoint which client it is (RFC 6749, section 2.3.1)."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"
    NONE = "none"  # a public client: PKCE alone


@dataclass(frozen=True, slots=True)
class Provider:
    """`names_itself`: every answer carries `iss` (RFC 9207). `userinfo_endpoint`, `end_session_endpoint`: may be empty.

    `algorithms`: what it signs id tokens with and we trust.
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    end_session_endpoint: str
    algorithms: frozenset[str]
    client_auth: frozenset[ClientAuth]
    names_itself: bool


def discover(issuer: str, *, actor: Actor, limits: Limits = LIMITS) -> Provider:
    """Asks the issuer's address. Raises ProviderError, ProviderUnavailableError and what `exchange` raises.

    Attack stopped: a provider that calls itself by another's name. What it says is its issuer must be what was
    configured, letter for letter (OpenID Connect Discovery 1.0, section 4.3), and the same stands in every id token.
    """
    if "?" in issuer:
        raise ProviderError("The address of a provider has no question mark. It looks like https://id.example.org")
    check_endpoint("issuer", issuer)
    said = ask(Request("GET", issuer.removesuffix("/") + WELL_KNOWN), actor=actor, limits=limits).content
    named = said.get("issuer")
    if named != issuer:
        raise ProviderError(
            "The provider at this address is named {name}. If that is the one you mean, enter exactly "
            "that as its address.",
            name=repr(shown(str(named))),
        )
    return Provider(
        issuer=issuer,
        authorization_endpoint=check_endpoint("authorization endpoint", said.get("authorization_endpoint")),
        token_endpoint=check_endpoint("token endpoint", said.get("token_endpoint")),
        jwks_uri=check_endpoint("address of keys", said.get("jwks_uri")),
        userinfo_endpoint=_optional("userinfo endpoint", said.get("userinfo_endpoint")),
        end_session_endpoint=_optional("address to sign out at", said.get("end_session_endpoint")),
        algorithms=_algorithms(said),
        client_auth=_client_auth(said),
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _optional(name: str, address: object) -> str:
    return check_endpoint(name, address) if address else ""


def _algorithms(said: Mapping[str, Any]) -> frozenset[str]:
    found = _names(said, "id_token_signing_alg_values_supported", ["RS256"]) & ALGORITHMS.keys()
    if not found:
        raise ProviderError("The provider signs with no algorithm that is trusted here. Let it use RS256 or ES256.")
    return frozenset(found)


def _client_auth(said: Mapping[str, Any]) -> frozenset[ClientAuth]:
    """Basic is what a provider means that says nothing (Discovery 1.0, section 3)."""
    found = _names(said, "token_endpoint_auth_methods_supported", [ClientAuth.BASIC])
    return frozenset(method for method in ClientAuth if method in found)


def _names(said: Mapping[str, Any], member: str, otherwise: list[str]) -> set[str]:
    found = said.get(member, otherwise)
    return {one for one in found if isinstance(one, str)} if isinstance(found, list) else set()
