"""The way to the provider and back: what the browser is sent with, and what it brings (OpenID Connect Core 1.0)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from muniment.core.clock import now
from muniment.sso.oidc.discovery import Provider
from muniment.sso.oidc.errors import Refusal, SignInRefusedError

SCOPES = ("openid", "email", "profile")
_PARAMETERS = 32  # of an answer, at most
_LONGEST = 8192  # characters of an answer


@dataclass(frozen=True, slots=True)
class Begun:
    """One sign-in under way: `address` is where the browser goes; the rest is kept on the server, with its session.

    It is good for one answer. `begun_at`: from when the person must have signed in, where that was asked for.
    """

    address: str = field(repr=False)
    issuer: str
    names_itself: bool
    redirect_uri: str
    begun_at: datetime
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


def begin(
    provider: Provider,
    client_id: str,
    redirect_uri: str,
    *,
    scopes: Sequence[str] = SCOPES,
    fresh: bool = False,
    login_hint: str = "",
) -> Begun:
    """`fresh`: the provider is to ask for the password again; whether it did, `check_id_token` sees.

    Attack stopped: `state` binds the answer to this browser, `nonce` the id token to this sign-in, and PKCE (RFC 7636)
    the code to this server: a code put into another's answer is worth nothing.
    Give each connection a `redirect_uri` of its own: it tells providers apart that do not name themselves (RFC 9700,
    section 4.4.2).
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    parameters = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(dict.fromkeys(["openid", *scopes])),
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    if fresh:
        parameters |= {"prompt": "login", "max_age": "0"}
    if login_hint:
        parameters["login_hint"] = login_hint
    joint = "&" if "?" in provider.authorization_endpoint else "?"
    return Begun(
        address=f"{provider.authorization_endpoint}{joint}{urlencode(parameters)}",
        issuer=provider.issuer,
        names_itself=provider.names_itself,
        redirect_uri=redirect_uri,
        begun_at=now(),
        state=state,
        nonce=nonce,
        verifier=verifier,
    )


def challenge(verifier: str) -> str:
    """RFC 7636, section 4.2."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


def take_answer(query: str, begun: Begun) -> str:
    """The code in what the browser brought back: the query string as it came. Raises SignInRefusedError.

    Attack stopped: an answer to somebody else's sign-in (`state`); a provider that passes off another's answer as its
    own, so that the code goes to the wrong one (mix-up; RFC 9207). No word of it is looked at before both are right.
    """
    found = _read(query)
    if not hmac.compare_digest(found.get("state", "").encode(), begun.state.encode()):
        raise SignInRefusedError(Refusal.STATE)
    named = found.get("iss")
    if named != begun.issuer and (named is not None or begun.names_itself):
        raise SignInRefusedError(Refusal.ISSUER)
    if "error" in found:
        raise SignInRefusedError(Refusal.DENIED, said=found.get("error_description") or found["error"])
    if not found.get("code"):
        raise SignInRefusedError(Refusal.ANSWER)
    return found["code"]


def _read(query: str) -> dict[str, str]:
    """Attack stopped: a parameter given twice, of which each side reads another (RFC 6749, section 3.1)."""
    try:
        pairs = parse_qsl(query[: _LONGEST + 1], keep_blank_values=True, max_num_fields=_PARAMETERS)
    except ValueError:
        raise SignInRefusedError(Refusal.ANSWER) from None
    found = dict(pairs)
    if len(found) != len(pairs) or len(query) > _LONGEST:
        raise SignInRefusedError(Refusal.ANSWER)
    return found
