"""What a logout token proves: the provider ended somebody's session, just now (OpenID Connect Back-Channel Logout 1.0,
section 2.6).

* signed as id tokens are, by a key that the issuer publishes; its head says `logout+jwt`, or nothing else
* `iss` is the issuer, letter for letter; `aud` holds our client id
* `exp` and `iat` hold now, give or take `SKEW`; it is no older than `LIFETIME`, whatever `exp` says
* `events` holds the one event, and there is no `nonce`: no id token is one, and it is none
* `jti` names it, `sub` says who or `sid` which session, or both do
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from muniment.core.clock import now
from muniment.sso.oidc.claims import SKEW, check_audience, check_times, is_name, moment
from muniment.sso.oidc.discovery import Provider
from muniment.sso.oidc.errors import LogoutTokenRefusedError, Refusal, SignInRefusedError
from muniment.sso.oidc.keys import Keys
from muniment.sso.oidc.signature import verified

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LIFETIME = timedelta(minutes=2)  # as section 2.4 advises providers
LONGEST = 16 * 1024  # characters
_TYPES = frozenset({"JWT", "LOGOUT+JWT"})


@dataclass(frozen=True, slots=True)
class SignedOut:
    """`subject`, `session`: one of them may be None. `once`: by which it counts once. `until`: as long as it counts."""

    subject: str | None = field(repr=False)
    session: str | None = field(repr=False)
    once: str = field(repr=False)
    until: datetime


def check_logout_token(token: str, *, provider: Provider, client_id: str, keys: Keys) -> SignedOut:
    """Raises LogoutTokenRefusedError, and what `keys` raises when it asks the provider."""
    try:
        return _checked(token, provider, client_id, keys)
    except SignInRefusedError as refused:
        raise LogoutTokenRefusedError(refused.reason) from None


def _checked(token: str, provider: Provider, client_id: str, keys: Keys) -> SignedOut:
    if len(token) > LONGEST:
        raise LogoutTokenRefusedError(Refusal.TOKEN)
    claims = verified(token, keys=keys, algorithms=provider.algorithms, types=_TYPES).claims
    if claims.get("iss") != provider.issuer:
        raise LogoutTokenRefusedError(Refusal.ISSUER)
    check_audience(claims, client_id)
    check_times(claims)
    until = _until(claims)
    _check_kind(claims)
    once = claims.get("jti")
    if not is_name(once):
        raise LogoutTokenRefusedError(Refusal.TOKEN)
    subject, session = (_named(claims, name) for name in ("sub", "sid"))
    if subject is None and session is None:
        raise LogoutTokenRefusedError(Refusal.SUBJECT)
    return SignedOut(subject, session, once, until)


def _until(claims: Mapping[str, Any]) -> datetime:
    """Attack stopped: a token that was seen go by is kept, to sign somebody out at a moment of the attacker's choice,
    here before the provider's own copy arrives.
    """
    present = now()
    last = min(moment(claims, "exp"), moment(claims, "iat") + LIFETIME.total_seconds())
    until = datetime.fromtimestamp(last, tz=present.tzinfo) + SKEW
    if until <= present:
        raise LogoutTokenRefusedError(Refusal.EXPIRED)
    return until


def _check_kind(claims: Mapping[str, Any]) -> None:
    """Attack stopped: an id token, which browsers, proxies and other programs have seen, signs its person out wherever
    it is posted from (section 4.1, cross-JWT confusion).
    """
    if "nonce" in claims:
        raise LogoutTokenRefusedError(Refusal.NONCE)
    events = claims.get("events")
    if not isinstance(events, dict) or events.keys() != {EVENT} or not isinstance(events[EVENT], dict):
        raise LogoutTokenRefusedError(Refusal.EVENT)


def _named(claims: Mapping[str, Any], name: str) -> str | None:
    """Attack stopped: what is there and cannot be read is passed over, and more ends than the provider meant."""
    if name not in claims:
        return None
    found = claims[name]
    if not is_name(found):
        raise LogoutTokenRefusedError(Refusal.SUBJECT)
    return found
