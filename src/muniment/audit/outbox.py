"""An event on its way into the log, as bytes: the same in the control plane's outbox and in a silo's own.

    {"event": {the entry without its seq}, "detail": null or {"ciphertext": base64, "keys": names}}

Whoever can write to an outbox could put anything there, so what is read back is checked like what is recorded.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from muniment.audit import canonical
from muniment.audit.errors import EventRefusedError, NotCanonicalError
from muniment.audit.events import OF_THE_LOG
from muniment.audit.sealing import seal_detail
from muniment.audit.types import KEY, AuditKind, Outcome
from muniment.core.actors import SYSTEM, Actor, ActorKind
from muniment.core.clock import now
from muniment.core.ids import is_id, new_id
from muniment.core.registries import RegistryError, audit_kinds

SCHEMA = 1
_NAMES = {"actor", "subject", "team", "silo", "request"}
_FIELDS = _NAMES | {"id", "at", "kind", "schema", "outcome", "facts", "sealed"}
_WORDS = {str(ActorKind.OPERATOR), str(ActorKind.SYSTEM)}  # actors without a reference of their own


@dataclass(frozen=True, slots=True)
class Pending:
    event: dict[str, Any]
    keys: str
    ciphertext: bytes | None

    @property
    def id(self) -> str:
        return str(self.event["id"])

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.event["at"])


def draft(
    *,
    kind: AuditKind | str,
    actor: Actor,
    names: Mapping[str, str | None],
    outcome: str,
    facts: Mapping[str, object] | None,
    sealed: Mapping[str, object] | None,
    people: Mapping[str, bool],
) -> tuple[str, bytes]:
    """(event id, bytes). `names` holds subject, team, silo and request; `people` is as for `sealing.seal_detail`.

    Raises EventRefusedError.
    """
    identifier = new_id()
    event: dict[str, Any] = {
        "id": identifier,
        "at": timestamp(now()),
        "kind": kind if isinstance(kind, str) else kind.name,
        "schema": SCHEMA,
        "actor": actor.ref,
        **names,
        "outcome": str(outcome),
        "facts": dict(facts or {}) | ({KEY: actor.key} if actor.key else {}),
        "sealed": None,
    }
    event["facts"] = _check(event)
    detail = None
    if sealed:
        keys, ciphertext = seal_detail(identifier, sealed, people)
        event["sealed"] = sha256(ciphertext).hexdigest()
        detail = {"keys": keys, "ciphertext": base64.b64encode(ciphertext).decode()}
    return identifier, canonical.encode({"event": event, "detail": detail})


def parse(body: bytes, *, event: str, silo: str | None) -> Pending:
    """What an outbox holds as event `event`; `silo` is the silo it lies in. Raises EventRefusedError.

    A silo's outbox speaks for that silo only: a writer of one silo's file must not be able to forge another's history.
    """
    try:
        value = canonical.decode(body)
        pending = Pending(value["event"], *_detail(value["detail"]))
        if pending.event["kind"] in OF_THE_LOG:
            raise EventRefusedError("An outbox holds an entry that only the log itself can make.")
        if pending.id != event or set(pending.event) != _FIELDS or silo not in {None, pending.event["silo"]}:
            raise EventRefusedError("An outbox holds an event under another's name.")
        digest = None if pending.ciphertext is None else sha256(pending.ciphertext).hexdigest()
        if pending.event["sealed"] != digest or pending.event["at"] != timestamp(pending.at):
            raise EventRefusedError("An outbox holds an event that was changed.")
        if pending.event["facts"] != _check(pending.event):
            raise EventRefusedError("An outbox holds facts in another spelling.")
    except (NotCanonicalError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise EventRefusedError("An outbox holds what is no event.") from error
    return pending


def timestamp(moment: datetime) -> str:
    """RFC 3339, UTC, milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _detail(detail: dict[str, str] | None) -> tuple[str, bytes | None]:
    return ("", None) if detail is None else (detail["keys"], base64.b64decode(detail["ciphertext"], validate=True))


def _check(event: Mapping[str, Any]) -> dict[str, int | bool | str]:
    """The facts as the kind allows them. Actor and subject are random references, never a name or an address."""
    if not is_id(event["actor"]) and event["actor"] not in _WORDS:
        raise EventRefusedError("The actor of an event is a random reference.")
    if event["schema"] != SCHEMA or event["outcome"] not in set(Outcome) or not is_id(event["id"]):
        raise EventRefusedError("An event needs an outcome of the known ones.")
    for name in sorted(_NAMES - {"actor"}):
        if event[name] is not None and not is_id(event[name]):
            raise EventRefusedError(f"The {name} of an event is a random id, nothing that could name a person.")
    try:
        return registered(event["kind"]).check(event["facts"])
    except RegistryError as error:
        raise EventRefusedError("This kind of event is not registered: declare it in the room's events.py.") from error


def registered(name: str) -> AuditKind:
    """The kind as declared. The registry holds a Protocol; ours are the only ones there are."""
    kind = audit_kinds.get(name)
    if not isinstance(kind, AuditKind):
        raise EventRefusedError(f"{name} is not declared as an AuditKind.")
    return kind


def own(kind: AuditKind, event: str, facts: Mapping[str, object]) -> Pending:
    """An event of the log about itself."""
    parts = {"id": event, "at": timestamp(now()), "kind": kind.name, "schema": SCHEMA, "actor": SYSTEM.ref}
    nothing = dict.fromkeys(("subject", "team", "silo", "request", "sealed"))
    return Pending({**parts, **nothing, "outcome": str(Outcome.OK), "facts": kind.check(facts)}, "", None)


def without_place(body: str) -> dict[str, Any]:
    """The event as it arrived, from the entry it became."""
    return {name: value for name, value in canonical.decode(body.encode()).items() if name != "seq"}
