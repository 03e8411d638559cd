"""A code becomes tokens, at the provider's token endpoint (OpenID Connect Core 1.0, section 3.1.3)."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode

from muniment.core.actors import Actor
from muniment.core.network.http import Limits, Request
from muniment.sso.oidc.discovery import ClientAuth, Provider
from muniment.sso.oidc.errors import ProviderError, Refusal, SignInRefusedError
from muniment.sso.oidc.request import Begun
from muniment.sso.oidc.wire import LIMITS, ask

_ACCESS_TOKEN = re.compile(r"[!-~]+")
_REFUSALS = {
    "invalid_grant": Refusal.CODE,
    "invalid_client": Refusal.CLIENT,
    "unauthorized_client": Refusal.CLIENT,
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the provider knows this server by. `auth`: None: as the provider says it takes it.

    Some providers announce one way and take another, so it can be set.
    """

    client_id: str
    secret: str = field(default="", repr=False)
    auth: ClientAuth | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """Nothing of it is checked yet. `access_token` may be empty."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


def exchange_code(
    code: str,
    *,
    begun: Begun,
    provider: Provider,
    credentials: Credentials,
    actor: Actor,
    limits: Limits = LIMITS,
) -> Tokens:
    """Raises SignInRefusedError, ProviderError, ProviderUnavailableError and what `exchange` raises.

    Attack stopped: code, verifier and secret told to another provider than the one that was asked.
    """
    if provider.issuer != begun.issuer:
        raise SignInRefusedError(Refusal.ISSUER)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": begun.redirect_uri,
        "code_verifier": begun.verifier,
    }
    headers, proof = _proof(credentials, provider)
    sent = Request(
        "POST",
        provider.token_endpoint,
        headers={"Content-Type": "application/x-www-form-urlencoded", **headers},
        body=urlencode({**form, **proof}).encode("ascii"),
    )
    answer = ask(sent, actor=actor, limits=limits, accepted=frozenset({200, 400, 401}))
    if answer.status != 200:
        raise SignInRefusedError(_REFUSALS.get(str(answer.content.get("error")), Refusal.ANSWER))
    return _tokens(answer.content)


def _proof(credentials: Credentials, provider: Provider) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Headers and members of the form. Name and secret are form-encoded in both (RFC 6749, section 2.3.1)."""
    client, secret = credentials.client_id, credentials.secret
    auth = credentials.auth or _chosen(credentials, provider)
    if auth is ClientAuth.BASIC:
        pair = f"{quote_plus(client)}:{quote_plus(secret)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode('ascii')).decode()}"}, {}
    return {}, {"client_id": client} | ({"client_secret": secret} if auth is ClientAuth.POST else {})


def _chosen(credentials: Credentials, provider: Provider) -> ClientAuth:
    if not credentials.secret:
        return ClientAuth.NONE
    for auth in (ClientAuth.BASIC, ClientAuth.POST):
        if auth in provider.client_auth:
            return auth
    raise ProviderError(
        "The provider takes a secret neither by client_secret_basic nor by client_secret_post. Let it take one of them."
    )


def _tokens(content: Mapping[str, Any]) -> Tokens:
    """Attack stopped: an access token with a line end, which would write headers of its own."""
    id_token, access_token = content.get("id_token"), content.get("access_token", "")
    if not isinstance(id_token, str) or not isinstance(access_token, str):
        raise SignInRefusedError(Refusal.ANSWER)
    if access_token and not (_ACCESS_TOKEN.fullmatch(access_token) and _is_bearer(content.get("token_type"))):
        raise SignInRefusedError(Refusal.ANSWER)
    return Tokens(id_token, access_token)


def _is_bearer(kind: object) -> bool:
    return isinstance(kind, str) and kind.lower() == "bearer"
