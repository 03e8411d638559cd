"""API keys as text: `muniment_` 43 characters `_` checksum.

The prefix and the checksum (CRC-32 of all before it, as GitHub's tokens have) let a secret scanner find a leaked key
and tell it from noise without asking anybody; they are no secret and no proof.
"""

import hashlib
import re
import secrets
import zlib

PREFIX = "muniment_"
PATTERN = re.compile(r"muniment_[A-Za-z0-9_-]{43}_[0-9a-f]{8}")


def new_token() -> str:
    body = PREFIX + secrets.token_urlsafe(32)
    return f"{body}_{_checksum(body)}"


def is_token(text: str) -> bool:
    """Whether it could be a key: what is mistyped or cut off asks no database."""
    return PATTERN.fullmatch(text) is not None and text[-8:] == _checksum(text[:-9])


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
