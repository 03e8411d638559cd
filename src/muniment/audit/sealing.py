"""Personal detail of an event, sealed so that erasing a person erases it.

Each person the event is about (its subject, its actor) contributes a key: the account key, or, for one who is erased
already, the key of the day. The detail is sealed under all of them, one inside the other: it stays readable only while
every person in it does, so an administrator's address does not survive in an event about somebody else. With nobody
known (a failed sign-in, a visitor) the day key seals it alone, and dies with the day's retention.
"""

from collections.abc import Mapping
from hashlib import sha256

from muniment.audit import canonical
from muniment.core.clock import now
from muniment.core.ids import id_from_bytes
from muniment.crypto.envelope import aad, seal, unseal
from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.services import keyring
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef


def account_key(ref: str) -> KeyRef:
    return KeyRef(INSTANCE, KeyKind.ACCOUNT, ref)


def day_key(date: str) -> KeyRef:
    """`date` as YYYY-MM-DD, UTC."""
    return KeyRef(INSTANCE, KeyKind.DAY, id_from_bytes(sha256(date.encode()).digest()[:16]))


def seal_detail(event: str, detail: Mapping[str, object], people: Mapping[str, bool]) -> tuple[str, bytes]:
    """(the names of the keys, innermost first; the ciphertext). `people`: references, and whether each was erased."""
    keys: dict[KeyRef, bytes] = {}
    for ref, erased in sorted(people.items()):
        try:
            keys |= _day() if erased else {account_key(ref): keyring().open(account_key(ref))}
        except KeyDestroyedError:  # erased since the line above: never make the key anew
            keys |= _day()
    sealed = canonical.encode(detail)
    for key in (keys or (keys := _day())).values():
        sealed = seal(key, sealed, _place(event))
    return ",".join(f"{ref.kind.name.lower()}:{ref.id}" for ref in keys), sealed


def unseal_detail(event: str, keys: str, ciphertext: bytes) -> dict[str, object]:
    """Raises KeyDestroyedError when a person in it was erased, SealError when the bytes belong to another event."""
    for name in reversed(keys.split(",")):
        kind, _, identifier = name.partition(":")
        key = keyring().open(KeyRef(INSTANCE, KeyKind[kind.upper()], identifier))
        ciphertext = unseal(key, ciphertext, _place(event))
    return dict(canonical.decode(ciphertext))


def _day() -> dict[KeyRef, bytes]:
    ref = day_key(now().date().isoformat())
    return {ref: keyring().ensure(ref)}


def _place(event: str) -> bytes:
    return aad(silo="", table="audit_sealed", row=event, purpose="detail")
