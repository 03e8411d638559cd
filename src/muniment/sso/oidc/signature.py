"""A token's signature is checked before a word of it is believed (RFC 7515, RFC 8725).

Also one that came straight from the token endpoint, though OpenID Connect would let TLS vouch for that one.
"""

import re
from dataclasses import dataclass
from typing import Any

from jwt import PyJWS
from jwt.exceptions import InvalidKeyError, PyJWTError
from jwt.utils import base64url_decode

from muniment.sso.oidc.algorithms import ALGORITHMS
from muniment.sso.oidc.errors import Refusal, SignInRefusedError
from muniment.sso.oidc.keys import Keys
from muniment.sso.oidc.wire import read_object

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_JWS = PyJWS(algorithms=list(ALGORITHMS), options={"enforce_minimum_key_length": True})


@dataclass(frozen=True, slots=True)
class Signed:
    """`claims` are the provider's own. Whether they are for us and for now, they do not say by themselves."""

    algorithm: str
    claims: dict[str, Any]


def verified(
    token: str, *, keys: Keys, algorithms: frozenset[str], types: frozenset[str] = frozenset({"JWT"})
) -> Signed:
    """Raises SignInRefusedError, and what `keys` raises when it asks the provider. `types`: in capitals, of which the
    head may say it is one.

    The algorithm is one of `algorithms` before a key is looked for, and the key is one made for it: what a token says
    of itself chooses among what is trusted and adds nothing.
    """
    header = _header(token, types)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in algorithms & ALGORITHMS.keys():
        raise SignInRefusedError(Refusal.ALGORITHM)
    kid = header.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise SignInRefusedError(Refusal.TOKEN)
    key = keys.find(algorithm, kid)
    try:
        payload = _JWS.decode_complete(token, key, [algorithm])["payload"]
    except InvalidKeyError:
        raise SignInRefusedError(Refusal.KEY) from None
    except PyJWTError:
        raise SignInRefusedError(Refusal.SIGNATURE) from None
    try:
        return Signed(algorithm, read_object(payload))
    except ValueError:
        raise SignInRefusedError(Refusal.TOKEN) from None


def _header(token: str, types: frozenset[str]) -> dict[str, Any]:
    """Attack stopped: a token within a token, an encrypted one, an access or logout token of the same provider in the
    place of an id token (RFC 8725, section 3.11), extensions that we would have to understand (`crit`, `b64`).
    """
    if not _COMPACT.fullmatch(token):
        raise SignInRefusedError(Refusal.TOKEN)
    try:
        header = read_object(base64url_decode(token.partition(".")[0]))
    except ValueError:
        raise SignInRefusedError(Refusal.TOKEN) from None
    if str(header.get("typ", "JWT")).upper() not in types or {"crit", "b64", "cty", "enc", "zip"} & header.keys():
        raise SignInRefusedError(Refusal.TOKEN)
    return header
