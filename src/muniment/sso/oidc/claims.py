"""What every token of a provider says alike: for whom it is, when it counts, of whom it speaks, in which session."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeGuard

from muniment.core.clock import now
from muniment.sso.oidc.errors import Refusal, SignInRefusedError

SKEW = timedelta(seconds=60)  # by which two servers' clocks may differ
_LONGEST = 255  # characters of a subject (OpenID Connect Core 1.0, section 2), and of a session
_LAST = 253402300799  # the last second of the year 9999


def check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    """Attack stopped: a token that another client of the same provider was given is shown here."""
    said = claims.get("aud")
    audiences = said if isinstance(said, list) else [said]
    authorized = claims.get("azp", client_id if len(audiences) == 1 else None)
    if client_id not in audiences or authorized != client_id:
        raise SignInRefusedError(Refusal.AUDIENCE)


def check_times(claims: Mapping[str, Any]) -> None:
    present, skew = now().timestamp(), SKEW.total_seconds()
    if moment(claims, "exp") <= present - skew:
        raise SignInRefusedError(Refusal.EXPIRED)
    begins = [moment(claims, "iat"), *([moment(claims, "nbf")] if "nbf" in claims else [])]
    if max(begins) > present + skew:
        raise SignInRefusedError(Refusal.NOT_YET)


def moment(claims: Mapping[str, Any], name: str) -> float:
    """Seconds since 1970 (RFC 7519, section 2). Attack stopped: `exp` left out, as text, or without end (1e999)."""
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= _LAST:
        raise SignInRefusedError(Refusal.TOKEN)
    return found


def is_name(found: object) -> TypeGuard[str]:
    """Whether it can be a `sub` or a `sid`."""
    return (
        isinstance(found, str)
        and 0 < len(found) <= _LONGEST
        and found.isascii()
        and found.isprintable()
        and not found.isspace()
    )
