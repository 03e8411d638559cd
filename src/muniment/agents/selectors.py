"""Reading agents. The actor comes first; the result is already narrowed to what the actor may see."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from muniment.agents.masking import masking_in, masking_of, read_rules, read_wanted, stamp
from muniment.agents.models import Agent, AgentGrant, ChatOpening
from muniment.agents.policies import check, may, may_create, owns, sees_names, within_reach
from muniment.agents.reaching import Reach, people
from muniment.agents.types import AgentState, AtOnce, Masking, MaskingRules, ReadAlong, Whose
from muniment.core.actors import Actor
from muniment.core.database.unchanged import while_unchanged
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.core.registries import Departure
from muniment.crypto.services import keyring
from muniment.llm.types import Outbound, Sender
from muniment.silo.sealed import Silo
from muniment.silo.services import key_facts, location, size

__all__ = [
    "Isolation",
    "Reach",
    "Readers",
    "Settings",
    "agent",
    "agents",
    "chat_openings",
    "deletes",
    "grants",
    "isolation",
    "live_agents",
    "masking",
    "masking_in",
    "masking_of",
    "masking_rules",
    "masking_wanted",
    "may",
    "may_create",
    "owned",
    "owns",
    "read_rules",
    "read_wanted",
    "readers",
    "reads_along",
    "sees_names",
    "settings_of",
    "stamp",
    "users_of",
]


@dataclass(frozen=True, slots=True)
class Readers:
    """How many people may use an agent: `members` all agents of the team, `guests` those granted to them."""

    members: int
    guests: int


@dataclass(frozen=True, slots=True)
class Isolation:
    """Where an agent's documents lie and under which key: facts to show."""

    key: str
    key_made: datetime | None
    file: Path
    bytes: int


def agents(actor: Actor, whose: Whose | None = None) -> QuerySet[Agent]:
    """The live agents the actor may see, newest first."""
    found = Agent.objects.filter(within_reach(actor), state=AgentState.LIVE).order_by("-created_at")
    if whose is Whose.OWN:
        return found.filter(owner__isnull=False, owner=actor.user)
    if whose is Whose.GRANTED:
        return found.filter(pk__in=list(actor.granted))
    return found if whose is None else found.filter(personal=whose is Whose.PERSONAL)


def owned(departure: Departure) -> QuerySet[Agent]:
    """The live agents of somebody who leaves a team: for rooms that say what is at stake."""
    return Agent.objects.filter(team=departure.team, owner=departure.user, state=AgentState.LIVE)


def live_agents(actor: Actor) -> QuerySet[Agent]:
    """The live agents of every team: for the work of the system and the operator. A person has none."""
    if actor.is_bound:
        return Agent.objects.none()
    return Agent.objects.filter(state=AgentState.LIVE)


def agent(actor: Actor, identifier: str) -> Agent:
    """The caller's own copy: services write what they change into it."""
    found = copy(while_unchanged(("agent", identifier), lambda: _live(identifier)))
    check(actor, Permission.AGENT_VIEW, found)
    return found


def _live(identifier: str) -> Agent:
    try:
        return Agent.objects.get(id=identifier, state=AgentState.LIVE)
    except Agent.DoesNotExist:
        raise NotFoundError("There is no such agent.") from None


@dataclass(frozen=True, slots=True)
class Settings:
    """How an agent speaks and keeps, for who may see it. `retention_days`: None keeps conversations for ever."""

    instructions: str
    no_answer: str
    retention_days: int | None


def settings_of(actor: Actor, agent: Agent) -> Settings:
    check(actor, Permission.SETTING_VIEW, agent)
    return Settings(agent.instructions, agent.no_answer, agent.retention_days)


def readers(actor: Actor, agent: Agent) -> Readers:
    check(actor, Permission.AGENT_VIEW, agent)
    reach = people(agent)
    return Readers(members=sum(not one.is_guest for one in reach), guests=sum(one.is_guest for one in reach))


def users_of(actor: Actor, agent: Agent) -> list[Reach]:
    """Everybody who may use the agent now, by e-mail address."""
    check(actor, Permission.GRANT_VIEW, agent)
    return people(agent)


def grants(actor: Actor, agent: Agent) -> QuerySet[AgentGrant]:
    """What was granted: to roles first, then to people by e-mail address."""
    check(actor, Permission.GRANT_VIEW, agent)
    found = agent.grants.select_related("user", "custom_role")
    return found.order_by("user__email", "custom_role__name", "role")


def chat_openings(actor: Actor, agent: Agent) -> QuerySet[ChatOpening]:
    """To the chat users of which connections it is open, or is to be, by name of the connection."""
    check(actor, Permission.GRANT_VIEW, agent)
    return agent.chat_openings.select_related("connection").order_by("connection__name")


def isolation(actor: Actor, agent: Agent) -> Isolation:
    check(actor, Permission.AGENT_VIEW, agent)
    ref, path = key_facts(agent.silo), location(agent.silo)
    made = next((created for found, created in keyring().refs(ref.ring) if found == ref), None)
    return Isolation(key=ref.id, key_made=made, file=path, bytes=size(agent.silo))


def deletes(actor: Actor, agent: Agent) -> AtOnce:
    """What the agent deletes at once, as it is in this moment: `agent` may have been found before a long upload."""
    check(actor, Permission.AGENT_VIEW, agent)
    return AtOnce(*_as_it_is(agent, "delete_originals", "ephemeral"))


def reads_along(actor: Actor, agent: Agent) -> tuple[ReadAlong, ...]:
    """What beside the text of its files the agent reads with it, as it is in this moment. In one order."""
    check(actor, Permission.AGENT_VIEW, agent)
    (kinds,) = _as_it_is(agent, "reads_along")
    return tuple(map(ReadAlong, kinds.split()))


def _as_it_is(agent: Agent, *fields: str) -> tuple[Any, ...]:
    found = Agent.objects.filter(pk=agent.pk, state=AgentState.LIVE).values_list(*fields).first()
    if found is None:
        raise NotFoundError("There is no such agent.")
    return tuple(found)


def masking(actor: Actor, agent: Agent, silo: Silo) -> Masking:
    """How this agent masks now. `silo`: its own, opened by who is going to ask in it."""
    check(actor, Permission.AGENT_VIEW, agent)
    with silo.reading() as reader:
        return masking_in(silo, reader)


def masking_rules(actor: Actor, agent: Agent, silo: Silo) -> MaskingRules:
    """The rules themselves, for who may change the agent: they name people."""
    check(actor, Permission.AGENT_UPDATE, agent)
    with silo.reading() as reader:
        return read_rules(reader)


def masking_wanted(actor: Actor, agent: Agent, silo: Silo) -> MaskingRules:
    """The rules with the corrections that wait to be applied."""
    check(actor, Permission.AGENT_UPDATE, agent)
    with silo.reading() as reader:
        return read_wanted(reader)


def sender(actor: Actor, silo: Silo) -> Sender:
    """Who sends texts of this silo to a model's endpoint. The rules are read anew before each call."""

    def outbound() -> Outbound:
        with silo.reading() as reader:
            found = masking_in(silo, reader)
        return Outbound(actor, found.outbound, gated_inside=found.is_on)

    return outbound
