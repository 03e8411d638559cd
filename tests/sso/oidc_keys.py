"""Keys that a provider of a test signs with, and tokens put together part by part, right or wrong."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt import algorithms as jose

Sign = Callable[[bytes], bytes]
_CURVES = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1, "ES512": ec.SECP521R1}


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def compact(header: dict[str, Any] | bytes, payload: dict[str, Any] | bytes, sign: Sign) -> str:
    """A token of these parts; bytes stand in it as they are."""
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)]
    signed = ".".join(map(b64, parts))
    return f"{signed}.{b64(sign(signed.encode()))}"


@dataclass(frozen=True)
class SigningKey:
    """A private key, its name, and the algorithm it is for."""

    private: Any
    kid: str
    algorithm: str = "RS256"

    def sign(self, content: bytes) -> bytes:
        return _algorithm(self.algorithm).sign(content, self.private)  # type: ignore[no-any-return]

    def jwk(self, **changed: Any) -> dict[str, Any]:
        """The public half, as a JSON Web Key."""
        members = _algorithm(self.algorithm).to_jwk(self.private.public_key(), as_dict=True)
        members.pop("key_ops", None)
        return {**members, "kid": self.kid, "use": "sig", "alg": self.algorithm, **changed}


@cache
def rsa(number: int = 0) -> RSAPrivateKey:
    """Making one takes a while, so they are shared: each number is another key."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def private_key(algorithm: str) -> Any:
    """One that the algorithm can sign with."""
    if algorithm == "EdDSA":
        return Ed25519PrivateKey.generate()
    return ec.generate_private_key(_CURVES[algorithm]()) if algorithm in _CURVES else rsa()


def _algorithm(name: str) -> Any:
    return jose.get_default_algorithms()[name]
