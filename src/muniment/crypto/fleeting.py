"""Sealing for as long as this process lives, under a key that is nowhere but in its memory.

For what somebody else keeps for us and brings back, a page for instance: nobody can read or change it, it opens in its
own place alone, and once the process has ended it opens never again, whoever kept it.
"""

import base64
import binascii
import os
import struct
from datetime import timedelta
from functools import lru_cache

from muniment.core.clock import now
from muniment.crypto.envelope import KEY, aad, seal, unseal
from muniment.crypto.errors import SealError

_MADE = struct.Struct(">d")


def seal_fleeting(content: bytes, *, silo: str, row: str, purpose: str) -> str:
    """URL-safe text, which opens in this place alone (`envelope.aad`)."""
    made = _MADE.pack(now().timestamp())
    return base64.urlsafe_b64encode(seal(_key(), made + content, _place(silo, row, purpose))).decode()


def open_fleeting(text: str, *, silo: str, row: str, purpose: str, within: timedelta) -> bytes:
    """Raises SealError: changed, of another place or another process, or sealed longer ago than `within`."""
    try:
        sealed = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise SealError("What was brought back is not what was handed out.") from None
    opened = unseal(_key(), sealed, _place(silo, row, purpose))
    (made,) = _MADE.unpack_from(opened)
    if now().timestamp() - made > within.total_seconds():
        raise SealError("What was brought back is too old.")
    return opened[_MADE.size :]


def _place(silo: str, row: str, purpose: str) -> bytes:
    return aad(silo=silo, table="fleeting", row=row, purpose=purpose)


@lru_cache(maxsize=1)
def _key() -> bytes:
    return os.urandom(KEY)
