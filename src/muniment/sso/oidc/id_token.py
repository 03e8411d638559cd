"""What an id token proves: who signed in where, for us, now (OpenID Connect Core 1.0, section 3.1.3.7).

* signed by a key that the issuer publishes, with an algorithm that is trusted (`signature`)
* `iss` is the issuer, letter for letter; `aud` holds our client id, and `azp` is it where there are others
* `exp`, `iat`, `nbf` hold now, give or take `SKEW`; `nonce` is this sign-in's
* `at_hash` is the access token's; `auth_time` is recent, where that was asked for
* `sub` is somebody
"""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from muniment.core.cleaning import one_line
from muniment.core.clock import now
from muniment.sso.oidc.algorithms import half_hash
from muniment.sso.oidc.claims import SKEW, check_audience, check_times, is_name, moment
from muniment.sso.oidc.discovery import Provider
from muniment.sso.oidc.errors import Refusal, SignInRefusedError
from muniment.sso.oidc.keys import Keys
from muniment.sso.oidc.signature import Signed, verified

_LONGEST_NAME = 200
_LONGEST_KEPT = 4096  # characters of a token


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody, by `issuer` and `subject` together: neither alone, and never the e-mail address, says who it is.

    `email` is as the provider wrote it; whose domain that may be, is for others to decide. `groups`: None where the
    provider says nothing of them that can be read. `claims`: all that arrived. `session`: the `sid` of the id token, or
    empty. `token`: the id token itself, or empty where it is longer than is kept.
    """

    issuer: str
    subject: str = field(repr=False)
    email: str = field(repr=False)
    email_verified: bool
    name: str = field(repr=False)
    groups: tuple[str, ...] | None = field(repr=False)
    claims: Mapping[str, Any] = field(repr=False)
    session: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def check_id_token(
    token: str,
    *,
    provider: Provider,
    client_id: str,
    nonce: str,
    keys: Keys,
    access_token: str = "",
    fresh_since: datetime | None = None,
    groups_claim: str = "groups",
) -> SignedIn:
    """Raises SignInRefusedError, and what `keys` raises when it asks the provider. `fresh_since` is aware."""
    signed = verified(token, keys=keys, algorithms=provider.algorithms)
    claims = signed.claims
    if claims.get("iss") != provider.issuer:
        raise SignInRefusedError(Refusal.ISSUER)
    check_audience(claims, client_id)
    check_times(claims)
    _check_nonce(claims, nonce)
    _check_access_token(signed, access_token)
    if fresh_since is not None:
        _check_fresh(claims, fresh_since)
    said, session = person(claims, groups_claim), claims.get("sid")
    kept = token if len(token) <= _LONGEST_KEPT else ""
    return replace(said, session=session if is_name(session) else "", token=kept)


def person(claims: Mapping[str, Any], groups_claim: str) -> SignedIn:
    """What claims that were checked say of a person. Raises SignInRefusedError where they say of nobody.

    Attack stopped: an account taken over by an address that nobody verified. Only `true` says that it was: some
    providers leave the claim out, say `false`, or put what their people typed into it as text.
    """
    subject, email, name = (claims.get(claim) for claim in ("sub", "email", "name"))
    if not is_name(subject):
        raise SignInRefusedError(Refusal.SUBJECT)
    return SignedIn(
        issuer=str(claims["iss"]),
        subject=str(subject),
        email=email if isinstance(email, str) else "",
        email_verified=isinstance(email, str) and claims.get("email_verified") is True,
        name=one_line(name[:_LONGEST_NAME]) if isinstance(name, str) else "",
        groups=_groups(claims.get(groups_claim)),
        claims=MappingProxyType(dict(claims)),
    )


def _groups(found: object) -> tuple[str, ...] | None:
    if not isinstance(found, list) or not all(isinstance(group, str) for group in found):
        return None
    return tuple(found)


def _check_nonce(claims: Mapping[str, Any], nonce: str) -> None:
    """Attack stopped: a token of an earlier sign-in, or of somebody else's, is shown again."""
    found = claims.get("nonce")
    if not nonce or not isinstance(found, str) or not hmac.compare_digest(found.encode(), nonce.encode()):
        raise SignInRefusedError(Refusal.NONCE)


def _check_access_token(signed: Signed, access_token: str) -> None:
    """Attack stopped: another's access token beside this id token, whose userinfo would be told of this person."""
    if not access_token or "at_hash" not in signed.claims:
        return
    right = base64.urlsafe_b64encode(half_hash(access_token, signed.algorithm)).rstrip(b"=")
    found = signed.claims["at_hash"]
    if not isinstance(found, str) or not hmac.compare_digest(found.encode(), right):
        raise SignInRefusedError(Refusal.ACCESS_TOKEN)


def _check_fresh(claims: Mapping[str, Any], since: datetime) -> None:
    """Attack stopped: a session at the provider, left open, confirms what only the person may confirm.

    Residue accepted: who signed in there within `SKEW` before was asked counts as having done it anew.
    """
    present, skew = now().timestamp(), SKEW.total_seconds()
    if "auth_time" not in claims or not since.timestamp() - skew <= moment(claims, "auth_time") <= present + skew:
        raise SignInRefusedError(Refusal.STALE)
