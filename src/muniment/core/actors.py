"""Who acts. Made by the doors (session, API key, command line, worker), passed to every service and selector."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from muniment.core.permissions import Permission


class ActorKind(StrEnum):
    PERSON = "person"
    SERVICE = "service"  # an API key of a team's own, behind which no person stands
    OUTSIDER = "outsider"  # may ask an agent without being a member: a chat user of a connection
    OPERATOR = "operator"  # has the server's shell
    SYSTEM = "system"  # the product itself: schedules, recovery


@dataclass(frozen=True, slots=True)
class Scope:
    """To what a person's API key narrows the person: these permissions, and with None every agent, else these alone."""

    permissions: frozenset[Permission]
    agents: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """`ref` is the random reference the audit log knows; `team` the id of the team this session is in.

    `permissions` are held in all of the team, `granted` for single agents by their ids; `on_granted` for each of those,
    beside what its grant says. `key`: the id of the API key by which the actor came; `scope`: what that leaves.
    `alone`: the session was opened by the team's identity provider, and opens that team alone. `closed`: the ids of
    teams the person is in and this session does not open.
    """

    kind: ActorKind
    ref: str
    user: int | None = None
    team: str | None = None
    permissions: frozenset[Permission] = field(default_factory=frozenset)
    granted: Mapping[str, frozenset[Permission]] = field(default_factory=dict, hash=False)
    on_granted: frozenset[Permission] = field(default_factory=frozenset)
    key: str | None = None
    scope: Scope | None = None
    alone: bool = False
    closed: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_bound(self) -> bool:
        """To one team, and to what was given there: a person, a service, an outsider. Operator and system stand above
        teams.
        """
        return self.kind not in {ActorKind.OPERATOR, ActorKind.SYSTEM}

    def holds(self, permission: Permission) -> bool:
        """Whether the permission was given for all of the team. Rooms ask their own `policies`, which ask this."""
        if self.scope is not None and self.scope.agents is not None:
            return False
        return permission in self.permissions and (self.scope is None or permission in self.scope.permissions)

    def reaches(self, permission: Permission, agent: str) -> bool:
        """Whether the key leaves this for this agent. It gives nothing."""
        if self.scope is None:
            return True
        return permission in self.scope.permissions and (self.scope.agents is None or agent in self.scope.agents)


SYSTEM = Actor(kind=ActorKind.SYSTEM, ref="system", permissions=frozenset(Permission))


def system_in(team: str) -> Actor:
    """The product itself, acting in one team: background work on what a person asked for and was checked for."""
    return replace(SYSTEM, team=team)
