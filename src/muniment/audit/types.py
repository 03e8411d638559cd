"""Kinds of events, and what the log answers.

A fact may be a count, a yes or no, one of a closed set of words, or a random id. There is no type for free text, so
no name, address or question can enter the log by way of a fact: personal detail goes into `sealed`, or nowhere.
Residue: a number or an id can be misused by whoever writes the call; reviewers read docs/audit-events.md for that.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from muniment.audit.canonical import LARGEST
from muniment.audit.errors import EventRefusedError
from muniment.core.ids import is_id

_KIND = re.compile(r"[a-z][a-z_]*(:[a-z][a-z_]*){2}")
_WORD = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,47}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


KEY = "by_key"  # a fact that every kind may carry: the id of the API key by which the actor came


class Id(str):
    """Type of a fact: a random id as `core.ids` makes it."""

    __slots__ = ()


class Digest(str):
    """Type of a fact: SHA-256 in hexadecimal. For the log's own kinds only, as a hash of a name can be guessed."""

    __slots__ = ()


class Outcome(StrEnum):
    OK = "ok"
    REFUSED = "refused"
    FAILED = "failed"
    INTENT = "intent"  # an act that spans silo and control plane is about to happen; its outcome is an event of its own


class Grade(StrEnum):
    """What an erasure did. Type of a fact named `grade`; a receipt repeats it in words."""

    KEY_DESTROYED = "key_destroyed"
    OVERWRITTEN = "overwritten"


@dataclass(frozen=True, slots=True)
class AuditKind:
    """`facts` maps each name to int, bool, Id, or a StrEnum whose members are the closed set of words."""

    name: str
    facts: Mapping[str, type] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not _KIND.fullmatch(self.name):
            raise EventRefusedError(f"{self.name!r} is not a kind of event: name it scope:resource:action.")
        for name, kind in self.facts.items():
            if not _WORD.fullmatch(name) or not _is_fact_type(kind, own=self.name.startswith("audit:")):
                raise EventRefusedError(f"{self.name} declares a fact {name} that could hold free text.")
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))

    def check(self, facts: Mapping[str, object]) -> dict[str, int | bool | str]:
        """The facts as plain JSON values. Raises EventRefusedError, without the value, for any that is not declared."""
        for name, value in facts.items():
            kind = Id if name == KEY else self.facts.get(name)
            if kind is None or not _fits(value, kind):
                raise EventRefusedError(f"{self.name} may not carry this fact: {name if kind else 'undeclared'}.")
        return {name: _plain(value) for name, value in facts.items()}


def is_word_set(kind: type) -> bool:
    return issubclass(kind, StrEnum) and all(_WORD.fullmatch(member.value) for member in kind)


def _is_fact_type(kind: type, *, own: bool) -> bool:
    return kind in {int, bool, Id} or (own and kind is Digest) or is_word_set(kind)


def _fits(value: object, kind: type) -> bool:
    if kind in {int, bool}:
        return type(value) is kind and abs(int(value)) <= LARGEST
    if kind is Id:
        return is_id(value)
    if kind is Digest:
        return isinstance(value, str) and _DIGEST.fullmatch(value) is not None
    return isinstance(value, str) and value in {str(member) for member in kind}  # type: ignore[attr-defined]


def _plain(value: object) -> int | bool | str:
    return value if isinstance(value, bool | int) else str(value)


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as its team may read it. `position` is its place over all logs of this installation, for paging."""

    position: int
    origin: str
    seq: int
    id: str
    at: datetime
    kind: str
    actor: str
    subject: str | None
    team: str | None
    silo: str | None
    outcome: str
    request: str | None
    facts: Mapping[str, int | bool | str]
    sealed: str | None  # SHA-256 of the sealed detail, hexadecimal


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That `entry` (canonical JSON) is leaf `index` of the log that `checkpoint` (a signed note) states."""

    entry: str
    index: int
    size: int
    root: bytes
    proof: tuple[bytes, ...]
    checkpoint: str


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That the log of `new` entries begins with the log of `old` entries."""

    origin: str
    old: int
    new: int
    proof: tuple[bytes, ...]
