"""Secrets that programs carry, as text: prefix, 43 characters, `_`, checksum.

The prefix and the checksum (CRC-32 of all before it, as GitHub's tokens have) let a secret scanner find a leaked one
and tell it from noise without asking anybody; they are no secret and no proof.
"""

import hashlib
import re
import secrets
import zlib

_REST = re.compile(r"[A-Za-z0-9_-]{43}_[0-9a-f]{8}")


def new_token(prefix: str) -> str:
    """256 random bits."""
    body = prefix + secrets.token_urlsafe(32)
    return f"{body}_{_checksum(body)}"


def is_token(text: str, prefix: str) -> bool:
    """Whether it could be one: what is mistyped or cut off asks no database."""
    is_whole = text.startswith(prefix) and _REST.fullmatch(text[len(prefix) :]) is not None
    return is_whole and text[-8:] == _checksum(text[:-9])


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def tail(token: str) -> str:
    """The end of the random part, to tell one from others in a list."""
    return token[-13:-9]


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
