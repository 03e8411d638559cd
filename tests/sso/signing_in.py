"""The whole way of a sign-in by OpenID Connect, as the room's services go it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings

from muniment.core.actors import SYSTEM
from muniment.core.network.addresses import split_address
from muniment.sso.oidc.discovery import ClientAuth, Provider, discover
from muniment.sso.oidc.id_token import SignedIn, check_id_token
from muniment.sso.oidc.keys import Keys
from muniment.sso.oidc.request import Begun, begin, take_answer
from muniment.sso.oidc.tokens import Credentials, exchange_code
from tests.sso.oidc_provider import OidcProvider, providing

CALLBACK = "https://muniment.example.org/sso/1/answer"
Providing = Callable[..., OidcProvider]


@pytest.fixture
def oidc(loopback: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Providing]:
    """Starts a provider, which the operator has listed."""
    with ExitStack() as running:

        def started(**options: Any) -> OidcProvider:
            provider = running.enter_context(providing(**options))
            listed = (*settings.MUNIMENT_INTERNAL_HOSTS, split_address(provider.address)[0])
            monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", listed)
            return provider

        yield started


def credentials(provider: OidcProvider, auth: ClientAuth | None = None) -> Credentials:
    secret = "" if provider.client_auth == "none" else provider.client_secret
    return Credentials(provider.client_id, secret, auth)


def found(provider: OidcProvider) -> Provider:
    return discover(provider.issuer, actor=SYSTEM)


def begun_at(provider: OidcProvider, **options: Any) -> Begun:
    return begin(found(provider), provider.client_id, CALLBACK, **options)


def finish(
    provider: OidcProvider,
    begun: Begun,
    query: str,
    *,
    keys: Keys | None = None,
    fresh_since: datetime | None = None,
    auth: ClientAuth | None = None,
) -> SignedIn:
    """From what the browser brought to who it is."""
    known = found(provider)
    code = take_answer(query, begun)
    tokens = exchange_code(code, begun=begun, provider=known, credentials=credentials(provider, auth), actor=SYSTEM)
    return check_id_token(
        tokens.id_token,
        provider=known,
        client_id=provider.client_id,
        nonce=begun.nonce,
        keys=keys or Keys(known, actor=SYSTEM),
        access_token=tokens.access_token,
        fresh_since=fresh_since,
    )


def sign_in(provider: OidcProvider, *, fresh: bool = False, keys: Keys | None = None) -> SignedIn:
    begun = begun_at(provider, fresh=fresh)
    since = begun.begun_at if fresh else None
    return finish(provider, begun, provider.sign_in(begun.address), keys=keys, fresh_since=since)
