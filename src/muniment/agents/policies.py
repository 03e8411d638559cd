"""The only place that decides what an actor may do with an agent. Absent means denied."""

from muniment.agents.models import Agent, AgentGrant
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission


def may(actor: Actor, permission: Permission, agent: Agent) -> bool:
    return actor.holds(permission) and _is_within_reach(actor, agent)


def check(actor: Actor, permission: Permission, agent: Agent) -> None:
    """Who may not even see the agent is told that it does not exist: ids of other teams confirm nothing."""
    if not may(actor, Permission.AGENT_VIEW, agent):
        raise NotFoundError("There is no such agent.")
    if not may(actor, permission, agent):
        raise PermissionDeniedError("Your role does not allow this. Ask an owner of the team.")


def sees_names(actor: Actor, agent: Agent) -> bool:
    """Whoever may read the documents reads the names in them; everybody else gets stand-ins, by every door."""
    return may(actor, Permission.DOCUMENT_VIEW, agent)


def may_create(actor: Actor) -> bool:
    return actor.team is not None and actor.holds(Permission.AGENT_CREATE)


def check_create(actor: Actor) -> None:
    if not may_create(actor):
        raise PermissionDeniedError("Your role does not allow making agents. Ask an owner of the team.")


def _is_within_reach(actor: Actor, agent: Agent) -> bool:
    if actor.team is None or actor.team != agent.team_id:
        return False
    return actor.all_agents or AgentGrant.objects.filter(agent=agent, user=actor.user).exists()
