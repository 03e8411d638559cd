"""What happens to agents, and to what was granted, when a member leaves (`core.registries.MemberDeparture`)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from muniment.agents import events
from muniment.agents.models import Agent, AgentGrant
from muniment.agents.policies import may
from muniment.agents.selectors import owned
from muniment.agents.services import erase_decided
from muniment.agents.types import AgentState
from muniment.audit.services import record
from muniment.core.actors import Actor
from muniment.core.errors import PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.core.registries import Departure
from muniment.teams.types import OWN, Stake

if TYPE_CHECKING:
    from django.db.models import QuerySet


class AgentsOfTheLeaving:
    def preview(self, departure: Departure) -> Mapping[str, int]:
        return {Stake.AGENTS: owned(departure).count()}

    def delete(self, departure: Departure) -> None:
        agents = list(owned(departure))
        _require(departure.actor, agents, frozenset({Permission.AGENT_DELETE}))
        owned(departure).update(state=AgentState.ERASING)
        for agent in agents:
            record(kind=events.AGENT_ERASING, actor=departure.actor, silo=agent.silo)
            transaction.on_commit(lambda agent=agent: erase_decided(departure.actor, agent))  # type: ignore[misc]
        _forget_grants(departure)

    def transfer(self, departure: Departure) -> None:
        """Attack stopped: who may remove people, but not open their agents, hands the agents to himself or a friend."""
        agents = list(owned(departure))
        _require(departure.actor, agents, OWN)
        owned(departure).update(owner=departure.heir)
        for agent in agents:
            record(kind=events.AGENT_TRANSFERRED, actor=departure.actor, silo=agent.silo)
        _forget_grants(departure)


def _require(actor: Actor, agents: "list[Agent] | QuerySet[Agent]", permissions: frozenset[Permission]) -> None:
    if not all(may(actor, permission, agent) for agent in agents for permission in permissions):
        raise PermissionDeniedError(
            "This person has agents that your role may not delete or give away. Ask an administrator."
        )


def _forget_grants(departure: Departure) -> None:
    """Attack stopped: somebody who was removed and comes back chat-only has the agents of former days again."""
    AgentGrant.objects.filter(user=departure.user, agent__team=departure.team).delete()


AGENTS = AgentsOfTheLeaving()
