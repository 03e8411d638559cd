"""Who acts in the tests of the log, and a kind of event to act with."""

from enum import StrEnum

from muniment.audit.types import AuditKind, Grade, Id
from muniment.core.actors import Actor, ActorKind
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
