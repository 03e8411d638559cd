"""The names of keys. The tree they form is DESIGN section 5: the scope of a key is the scope of an erasure."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

INSTANCE = "instance"


class KeyKind(IntEnum):
    """Stored in every slot of a keyring: numbers are never reused."""

    CONTROL = 1  # the control-plane file
    ACCOUNT = 2  # one per person: sealed audit detail, second-factor seeds
    DAY = 3  # sealed audit detail of unknown persons
    SIGNING = 4  # checkpoints, receipts
    TEAM = 5
    FIELD = 6  # a team's own secrets
    SILO = 7  # one per agent
    DOCUMENT = 8
    SEGMENT = 9
    ORIGINAL = 10
    CONVERSATION = 11
    VAULT = 12


@dataclass(frozen=True, slots=True)
class KeyRef:
    """`ring` is "instance" or the id of a silo; `id` is 26 characters as in core.ids."""

    ring: str
    kind: KeyKind
    id: str


class RootKey(Protocol):
    """Wraps the topmost keys. A local file, or a KMS that never shows the key."""

    def wrap(self, key: bytes, *, context: bytes) -> bytes: ...

    def unwrap(self, wrapped: bytes, *, context: bytes) -> bytes:
        """Raises SealError when the wrapped key is not one of ours."""
