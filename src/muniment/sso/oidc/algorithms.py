"""The algorithms that are trusted: signatures by a private key, which nobody but the provider has."""

from collections.abc import Mapping
from hashlib import sha256, sha384, sha512
from types import MappingProxyType

_HASHES = {"256": sha256, "384": sha384, "512": sha512}

ALGORITHMS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **{f"{family}{size}": ("RSA", "") for family in ("RS", "PS") for size in _HASHES},
        "ES256": ("EC", "P-256"),
        "ES384": ("EC", "P-384"),
        "ES512": ("EC", "P-521"),
        "EdDSA": ("OKP", "Ed25519"),
    }
)
"""The type and curve of key each is used with (RFC 7518, section 3.1; RFC 8037).

Attack stopped: `none` in any spelling, and HS256 with the public key as its secret. What is not here is not known.
"""


def half_hash(text: str, algorithm: str) -> bytes:
    """The left half of the hash that the signature is made with (OpenID Connect Core 1.0, section 3.1.3.6)."""
    digest = _HASHES.get(algorithm[-3:], sha512)(text.encode("ascii")).digest()  # Ed25519 hashes with SHA-512
    return digest[: len(digest) // 2]
