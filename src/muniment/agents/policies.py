"""The only place that decides what an actor may do with an agent. Absent means denied."""

from collections.abc import Iterable

from django.db.models import Q

from muniment.agents.models import Agent
from muniment.agents.types import OUTSIDERS_MAY
from muniment.core.actors import Actor, ActorKind
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.teams.types import MAY_OWN, OWN


def may(actor: Actor, permission: Permission, agent: Agent) -> bool:
    """By owning it, by a grant, or by the role; a personal agent is within reach of a role only if it says so."""
    if actor.team is None or actor.team != agent.team_id or not actor.reaches(permission, agent.pk):
        return False
    if actor.kind is ActorKind.OUTSIDER:
        return permission in OUTSIDERS_MAY and permission in actor.granted.get(agent.pk, ())
    if permission in OWN and owns(actor, agent):
        return True
    if permission in actor.granted.get(agent.pk, ()):
        return True
    if agent.personal and not actor.holds(Permission.PERSONAL_VIEW):
        return False
    return permission in actor.permissions or (agent.pk in actor.granted and permission in actor.on_granted)


def owns(actor: Actor, agent: Agent) -> bool:
    """Attack stopped: Carol, demoted to chat-only, keeps what she built. Owning counts while the role may own.

    It is asked of the role, not of the key by which its owner comes: one that makes no agents reaches those there
    are.
    """
    return agent.owner_id is not None and agent.owner_id == actor.user and may_own(actor)


def may_own(actor: Actor) -> bool:
    return not MAY_OWN.isdisjoint(actor.permissions)


def within_reach(actor: Actor) -> Q:
    """The agents for which `may(actor, AGENT_VIEW, agent)`, for the database."""
    if actor.team is None:
        return Q(pk__in=[])
    here = Q(team=actor.team)
    if actor.scope is not None:
        if Permission.AGENT_VIEW not in actor.scope.permissions:
            return Q(pk__in=[])
        here &= Q() if actor.scope.agents is None else Q(pk__in=actor.scope.agents)
    sees_all = Permission.AGENT_VIEW in actor.permissions
    if sees_all and actor.holds(Permission.PERSONAL_VIEW):
        return here
    reached = Q(pk__in=[agent for agent, given in actor.granted.items() if Permission.AGENT_VIEW in given])
    if may_own(actor):
        reached |= Q(owner=actor.user)
    if sees_all:
        reached |= Q(personal=False)
    return here & reached


def check(actor: Actor, permission: Permission, agent: Agent) -> None:
    """Who may not even see the agent is told that it does not exist: ids of other teams confirm nothing."""
    if not may(actor, Permission.AGENT_VIEW, agent):
        raise NotFoundError("There is no such agent.")
    if not may(actor, permission, agent):
        raise PermissionDeniedError("Your role does not allow this. Ask an owner of the team.")


def check_gives(actor: Actor, agent: Agent, permissions: Iterable[Permission]) -> None:
    """Attack stopped: Bob, who may say who asks an agent, gives a friend what he does not hold for it himself."""
    check(actor, Permission.GRANT_UPDATE, agent)
    if not all(one.is_per_agent and may(actor, one, agent) for one in permissions):
        raise PermissionDeniedError("You cannot give what you may not do with this agent yourself.")


def may_open(actor: Actor, agent: Agent) -> bool:
    """To outsiders by a connection, whoever they are: more than a grant to members, and connections are the owners'."""
    return may(actor, Permission.GRANT_UPDATE, agent) and actor.holds(Permission.CONNECTION_UPDATE)


def check_opens(actor: Actor, agent: Agent) -> None:
    """Attack stopped: Bob, who may say which members ask an agent, puts it before people outside the team."""
    check_gives(actor, agent, OUTSIDERS_MAY)
    if not may_open(actor, agent):
        raise PermissionDeniedError("Only an owner of the team opens an agent to people outside it. Ask one.")


def sees_names(actor: Actor, agent: Agent) -> bool:
    """Who may not gets stand-ins, by every door."""
    return may(actor, Permission.NAME_VIEW, agent)


def may_create(actor: Actor, *, personal: bool = False) -> bool:
    """A personal agent belongs to a person."""
    permission = Permission.PERSONAL_CREATE if personal else Permission.AGENT_CREATE
    return actor.team is not None and actor.holds(permission) and not (personal and actor.user is None)


def check_create(actor: Actor, *, personal: bool = False) -> None:
    if not may_create(actor, personal=personal):
        raise PermissionDeniedError("Your role does not allow making agents. Ask an owner of the team.")
