"""The keys that a provider signs with: fetched, kept for a while, chosen by what a token's head names.

What the head itself brings along (`jwk`, `jku`, `x5c`, `x5u`) is never looked at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jwt import PyJWK
from jwt.exceptions import PyJWTError

from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.core.network.http import Limits, Request
from muniment.sso.oidc.algorithms import ALGORITHMS
from muniment.sso.oidc.discovery import Provider
from muniment.sso.oidc.errors import ProviderError, Refusal, SignInRefusedError
from muniment.sso.oidc.wire import LIMITS, ask

LIFETIME = timedelta(hours=1)  # a key that the provider withdrew is trusted so long at most
PAUSE = timedelta(minutes=1)  # between two fetches because of a key that is not there

_PUBLIC = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}
_LONGEST = {"n": 1366, "e": 8}  # base64url characters: 8,192 bits, and the exponents that are in use


@dataclass(frozen=True, slots=True)
class KeySet:
    """JSON Web Keys (RFC 7517) as they were published at one moment."""

    keys: tuple[Mapping[str, Any], ...]
    fetched_at: datetime

    def find(self, algorithm: str, kid: str | None) -> PyJWK | None:
        """The one key that fits. Where two do, none: which of them was meant is nobody's to guess.

        A token without `kid` is taken from a provider with one fitting key (OpenID Connect Core 1.0, section 10.1).
        """
        found = [key for key in self.keys if _fits(key, algorithm) and (kid is None or key.get("kid") == kid)]
        return _public(found[0], algorithm) if len(found) == 1 else None


def fetch_keys(provider: Provider, *, actor: Actor, limits: Limits = LIMITS) -> KeySet:
    """Raises ProviderError, ProviderUnavailableError and what `exchange` raises."""
    said = ask(Request("GET", provider.jwks_uri), actor=actor, limits=limits).content.get("keys")
    if not isinstance(said, list):
        raise ProviderError("The provider publishes no keys at the address it names for them. It must mend that.")
    return KeySet(tuple(key for key in said if isinstance(key, dict)), now())


class Keys:
    """The keys of one provider. `actor`: in whose name they are fetched; `known`: what a caller kept of them; `before`:
    called before each fetch, which does not happen where it raises.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        actor: Actor,
        limits: Limits = LIMITS,
        known: KeySet | None = None,
        before: Callable[[], object] | None = None,
    ) -> None:
        self.known = known
        self._before = before
        self._provider = provider
        self._actor = actor
        self._limits = limits

    def find(self, algorithm: str, kid: str | None) -> PyJWK:
        """Raises SignInRefusedError where there is no such key, and what `fetch_keys` raises.

        A key that is not known may be new: the provider is asked once more.
        Attack stopped: tokens with invented names of keys, each of which has this server ask the provider.
        Residue accepted: a key that is there for less than `PAUSE` signs nobody in yet.
        """
        known = self.known
        if known is None or now() - known.fetched_at >= LIFETIME:
            known = self._fetch()
        found = known.find(algorithm, kid)
        if found is None and now() - known.fetched_at >= PAUSE:
            found = self._fetch().find(algorithm, kid)
        if found is None:
            raise SignInRefusedError(Refusal.KEY)
        return found

    def _fetch(self) -> KeySet:
        if self._before is not None:
            self._before()
        self.known = fetch_keys(self._provider, actor=self._actor, limits=self._limits)
        return self.known


def _fits(key: Mapping[str, Any], algorithm: str) -> bool:
    """Attack stopped: a key for encryption, for another algorithm or on another curve, or a shared secret (`oct`)."""
    kty, curve = ALGORITHMS[algorithm]
    operations = key.get("key_ops", ["verify"])
    return (
        (key.get("kty"), key.get("crv", "")) == (kty, curve)
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and isinstance(operations, list)
        and "verify" in operations
    )


def _public(key: Mapping[str, Any], algorithm: str) -> PyJWK | None:
    """The public members alone, or None where they make no key.

    Attack stopped: a modulus or exponent so large that checking one signature takes minutes.
    """
    members = {name: key.get(name) for name in ("kty", *_PUBLIC[ALGORITHMS[algorithm][0]])}
    if not all(isinstance(text, str) and len(text) <= _LONGEST.get(name, 100) for name, text in members.items()):
        return None
    try:
        return PyJWK(members, algorithm)
    except PyJWTError:
        return None
