"""Who acts. Made by the doors (session, command line, worker), passed to every service and selector."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from muniment.core.permissions import Permission


class ActorKind(StrEnum):
    PERSON = "person"
    OPERATOR = "operator"  # has the server's shell
    SYSTEM = "system"  # the product itself: schedules, recovery


@dataclass(frozen=True, slots=True)
class Actor:
    """`ref` is the random reference the audit log knows; `team` the id of the team this session is in.

    `permissions` are held in all of the team, `granted` for single agents by their ids; `on_granted` for each of those,
    beside what its grant says.
    """

    kind: ActorKind
    ref: str
    user: int | None = None
    team: str | None = None
    permissions: frozenset[Permission] = field(default_factory=frozenset)
    granted: Mapping[str, frozenset[Permission]] = field(default_factory=dict, hash=False)
    on_granted: frozenset[Permission] = field(default_factory=frozenset)

    def holds(self, permission: Permission) -> bool:
        """Whether the permission was given for all of the team. Rooms ask their own `policies`, which ask this."""
        return permission in self.permissions


SYSTEM = Actor(kind=ActorKind.SYSTEM, ref="system", permissions=frozenset(Permission))


def system_in(team: str) -> Actor:
    """The product itself, acting in one team: background work on what a person asked for and was checked for."""
    return replace(SYSTEM, team=team)
