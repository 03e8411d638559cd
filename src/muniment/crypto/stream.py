"""Sealing of files too large to hold: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as in age.

    version(1) = 0x02 | salt(16), random | chunks of 64 KiB, each AES-256-GCM ciphertext and tag(16)

The chunk key is HKDF(key, salt, place); the nonce is an 11-byte counter and one byte that marks the last chunk, so
that a truncated, reordered or extended file does not open. docs/formats/envelope.md.
"""

import os
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from muniment.crypto.envelope import KEY, TAG
from muniment.crypto.errors import SealError

VERSION = b"\x02"
SALT = 16
CHUNK = 65536
_BROKEN = "A sealed file does not open. Restore it from a backup."


def seal_stream(key: bytes, source: Iterable[bytes], place: bytes) -> Iterator[bytes]:
    """Yields the sealed file piece by piece; holds at most one chunk more than one piece of `source`."""
    salt = os.urandom(SALT)
    cipher = _chunk_cipher(key, salt, place)
    yield VERSION + salt
    for counter, (chunk, last) in enumerate(_with_last(_rechunk(source, CHUNK))):
        yield cipher.encrypt(_nonce(counter, last=last), chunk, None)


def unseal_stream(key: bytes, source: Iterable[bytes], place: bytes) -> Iterator[bytes]:
    """Yields authenticated plaintext. A caller must treat what it got as void when this raises SealError."""
    pieces = _rechunk(source, CHUNK + TAG, first=len(VERSION) + SALT)
    header = next(pieces, b"")
    if len(header) != len(VERSION) + SALT or header[:1] != VERSION:
        raise SealError(_BROKEN)
    cipher = _chunk_cipher(key, header[1:], place)
    counter = -1
    for counter, (chunk, last) in enumerate(_with_last(pieces)):
        try:
            yield cipher.decrypt(_nonce(counter, last=last), chunk, None)
        except InvalidTag:
            raise SealError(_BROKEN) from None
    if counter < 0:
        raise SealError(_BROKEN)


def _chunk_cipher(key: bytes, salt: bytes, place: bytes) -> AESGCM:
    if len(key) != KEY:
        raise ValueError("a key is 32 bytes")
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY, salt=salt, info=b"muniment/1 stream " + place).derive(key))


def _nonce(counter: int, *, last: bool) -> bytes:
    return counter.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _rechunk(source: Iterable[bytes], size: int, *, first: int | None = None) -> Iterator[bytes]:
    """Pieces of exactly `size` bytes (the first of `first`, the last shorter, possibly empty)."""
    buffer = bytearray()
    wanted = first or size
    for piece in source:
        buffer += piece
        while len(buffer) > wanted:  # strictly more: the last piece is never empty unless all is empty
            yield bytes(buffer[:wanted])
            del buffer[:wanted]
            wanted = size
    if buffer or first is None:
        yield bytes(buffer)


def _with_last(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    try:
        held = next(pieces)
    except StopIteration:
        return
    for piece in pieces:
        yield held, False
        held = piece
    yield held, True
