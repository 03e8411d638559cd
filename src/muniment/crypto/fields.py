"""A team's own secrets, sealed under its field key: keys of providers now, of identity providers and webhooks later.

Attack stopped: a sealed secret copied to another row or made to serve another purpose; the place it belongs to is part
of the seal. What `purpose` names is the caller's: a provider's key names the host it may be sent to.
"""

from muniment.crypto.envelope import aad, seal, unseal
from muniment.crypto.services import keyring
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef


def seal_field(secret: str, *, team: str, table: str, row: str, purpose: str) -> bytes:
    key = keyring().ensure(_key(team), parent=KeyRef(INSTANCE, KeyKind.TEAM, team))
    return seal(key, secret.encode(), aad(silo="", table=table, row=row, purpose=purpose))


def open_field(sealed: bytes, *, team: str, table: str, row: str, purpose: str) -> str:
    """Raises SealError for another place, KeyDestroyedError when the team's key is gone."""
    return unseal(keyring().open(_key(team)), sealed, aad(silo="", table=table, row=row, purpose=purpose)).decode()


def _key(team: str) -> KeyRef:
    """One for each team, under its team key."""
    return KeyRef(INSTANCE, KeyKind.FIELD, team)
