"""One small envelope for everything that is sealed whole (docs/formats/envelope.md, tests/vectors/envelope.json).

    version(1) = 0x01 | nonce(12), random | AES-256-GCM ciphertext and tag(16)

Random 96-bit nonces are safe up to 2^32 messages under one key (NIST SP 800-38D, section 8.3): no key here seals
more than the records of one document, conversation or segment.
"""

import hashlib
import os
import struct
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from muniment.crypto.errors import SealError

VERSION = b"\x01"
NONCE = 12
TAG = 16
OVERHEAD = len(VERSION) + NONCE + TAG
KEY = 32


def aad(*, silo: str, table: str, row: str, purpose: str) -> bytes:
    """The place a sealed record belongs to, as associated data: length-prefixed, so no two places read alike.

    Stops a ciphertext from being moved to another silo, table or row by whoever can write the file.
    """
    fields = [field.encode() for field in ("muniment/1", silo, table, row, purpose)]
    return b"".join(struct.pack(">H", len(field)) + field for field in fields)


def seal(key: bytes, plaintext: bytes, place: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return VERSION + nonce + _cipher(key).encrypt(nonce, plaintext, place)


def unseal(key: bytes, sealed: bytes | memoryview, place: bytes) -> bytes:
    view = memoryview(sealed)
    if len(view) < OVERHEAD or view[:1] != VERSION:
        raise SealError("A sealed record does not open. Restore it from a backup.")
    try:
        return _cipher(key).decrypt(bytes(view[1 : 1 + NONCE]), view[1 + NONCE :], place)
    except InvalidTag:
        raise SealError("A sealed record does not open. Restore it from a backup.") from None


def derive(key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose (RFC 5869, expand only: our keys are already uniformly random)."""
    return HKDFExpand(algorithm=SHA256(), length=KEY, info=b"muniment/1 " + purpose.encode()).derive(key)


@lru_cache(maxsize=256)
def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY:
        raise ValueError("a key is 32 bytes")
    return AESGCM(key)


def forget_ciphers() -> None:
    """Drop the cached key schedules: called whenever a key is destroyed."""
    _cipher.cache_clear()


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
