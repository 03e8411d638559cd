"""Who acts in the tests of the log, a kind of event to act with, and a log to look at."""

import json
from enum import StrEnum
from typing import Any

from django.db import transaction

from muniment.audit.selectors import export
from muniment.audit.services import checkpoint_now, record
from muniment.audit.types import AuditKind, Grade, Id
from muniment.core.actors import SYSTEM, Actor, ActorKind
from muniment.core.ids import new_id
from muniment.core.permissions import Permission
from muniment.core.registries import audit_kinds


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


TESTED = AuditKind("test:thing:change", {"count": int, "done": bool, "colour": Colour, "thing": Id})
ERASED = AuditKind("test:thing:erase", {"grade": Grade})
for kind in (TESTED, ERASED):
    audit_kinds.register(kind.name, kind)


def operator() -> Actor:
    return Actor(kind=ActorKind.OPERATOR, ref="operator", permissions=frozenset(Permission))


def member(team: str, *permissions: Permission, user: int = 1) -> Actor:
    return Actor(kind=ActorKind.PERSON, ref=new_id(), user=user, team=team, permissions=frozenset(permissions))


def act(actor: Actor | None = None, **parts: Any) -> str:
    """One act with its event, as a service of a room would do it."""
    with transaction.atomic():
        return record(**{"kind": TESTED, "actor": actor or operator(), **parts})


def signed_log(events: int) -> list[str]:
    """The ids of so many events, in the log and under a checkpoint."""
    made = [act(facts={"count": number}) for number in range(events)]
    checkpoint_now()
    return made


def exported(actor: Actor = SYSTEM) -> list[dict[str, Any]]:
    return [json.loads(line) for line in export(actor)]


def lines(parsed: list[dict[str, Any]]) -> list[str]:
    return [json.dumps(line) for line in parsed]
