"""Who reaches one agent, and by what: worked out from the members of its team and its grants."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from muniment.agents.models import Agent
from muniment.agents.policies import may, owns
from muniment.core.permissions import Permission
from muniment.teams.selectors import actors_of
from muniment.teams.types import Role

if TYPE_CHECKING:
    from muniment.teams.models import Membership


class By(StrEnum):
    OWNING = "owning"
    GRANT = "grant"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Reach:
    """One person and what leads to the agent. `permissions`: what may be done with it, of those asked for."""

    membership: "Membership"
    by: By
    permissions: frozenset[Permission]

    @property
    def is_guest(self) -> bool:
        return self.membership.role == Role.CHAT_ONLY


def people(agent: Agent) -> list[Reach]:
    """By e-mail address. Suspended members reach nothing."""
    given: dict[int | tuple[str, str | None], frozenset[Permission]] = {}
    for grant in agent.grants.all():
        key = grant.user_id if grant.user_id is not None else (grant.role, grant.custom_role_id)
        given[key] = frozenset(map(Permission, grant.permissions))
    found = []
    for membership, actor in actors_of(agent.team_id, lambda one: _given(given, one), agent.pk):
        held = frozenset(one for one in Permission if one.is_per_agent and may(actor, one, agent))
        if Permission.AGENT_VIEW in held:
            by = By.OWNING if owns(actor, agent) else By.GRANT if agent.pk in actor.granted else By.ROLE
            found.append(Reach(membership, by, held))
    return found


def _given(
    given: dict[int | tuple[str, str | None], frozenset[Permission]], one: "Membership"
) -> frozenset[Permission] | None:
    """None where nothing was granted to the person or the person's role."""
    both = [given[key] for key in (one.user_id, (one.role, one.custom_role_id)) if key in given]
    return frozenset().union(*both) if both else None
