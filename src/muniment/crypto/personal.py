"""What belongs to one person's account, sealed under that person's key: it dies with the person.

Attack stopped: a sealed seed copied to another account's row, or made to serve another purpose; the place it belongs to
is part of the seal.
"""

import hashlib
import hmac

from muniment.crypto.envelope import aad, derive, seal, unseal
from muniment.crypto.services import keyring
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef


def seal_personal(secret: bytes, *, person: str, table: str, purpose: str) -> bytes:
    """`person` is the random reference. Raises KeyDestroyedError when the person was erased."""
    return seal(_key(person), secret, aad(silo="", table=table, row=person, purpose=purpose))


def open_personal(sealed: bytes, *, person: str, table: str, purpose: str) -> bytes:
    """Raises SealError for another place, KeyDestroyedError when the person was erased."""
    return unseal(_key(person), sealed, aad(silo="", table=table, row=person, purpose=purpose))


def personal_digest(secret: bytes, *, person: str, purpose: str) -> bytes:
    """HMAC-SHA-256 (32 bytes), to know again what is short enough to be guessed from a bare hash."""
    return hmac.new(derive(_key(person), purpose), secret, hashlib.sha256).digest()


def _key(person: str) -> bytes:
    return keyring().open(KeyRef(INSTANCE, KeyKind.ACCOUNT, person))
