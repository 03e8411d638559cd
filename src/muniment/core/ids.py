"""Identifiers: 128 random bits, written as 26 lower-case base32 characters (RFC 4648, no padding).

Random, not sequential: an id tells neither how many there are nor when it was made.
"""

import base64
import binascii
import secrets
from functools import lru_cache

from muniment.core.errors import NotFoundError

LENGTH = 26
_REMEMBERED = 16_384  # a question reads dozens of records; writing an id out anew for each took a third of its time


def new_id() -> str:
    return id_from_bytes(secrets.token_bytes(16))


def new_number() -> int:
    """A random whole number from 1 to 2^53 - 1, the largest that JavaScript keeps exactly (ECMA-262, 21.1.2.6)."""
    return 1 + secrets.randbelow(2**53 - 1)


@lru_cache(_REMEMBERED)
def id_from_bytes(raw: bytes) -> str:
    if len(raw) != 16:
        raise ValueError("an id is 16 bytes")
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


@lru_cache(_REMEMBERED)
def id_bytes(identifier: str) -> bytes:
    """The 16 bytes of an id. Anything that is not an id is simply not found: it cannot name a thing."""
    if len(identifier) != LENGTH or identifier != identifier.lower():
        raise NotFoundError("There is nothing with this id.")
    try:
        raw = base64.b32decode(identifier.upper() + "======")
    except (binascii.Error, ValueError):
        raise NotFoundError("There is nothing with this id.") from None
    if id_from_bytes(raw) != identifier:  # a second spelling of the same bits would defeat comparisons of ids
        raise NotFoundError("There is nothing with this id.")
    return raw


def is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and len(id_bytes(value)) == 16
    except NotFoundError:
        return False
