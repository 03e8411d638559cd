"""Who asks an agent without being a member: for now, chat users of a connection. Whether it is open, and who comes.

* An agent is open while an opening of it is live, its connection is on, something asks for consent at the onset, it is
  nobody's personal one, and personal data is masked: outsiders see stand-ins alone, and without masking there are none.
* All of it is asked in every request, so that what is taken back is closed at the next one.
"""

from typing import TYPE_CHECKING

from django.db.models import F

from muniment.agents.models import Agent, ChatOpening
from muniment.agents.selectors import masking
from muniment.agents.types import OUTSIDERS_MAY, AgentState, OpeningState
from muniment.core.actors import Actor, ActorKind, Scope, system_in
from muniment.core.errors import MunimentError, NotFoundError
from muniment.core.faults import log_fault
from muniment.core.registries import consent_at_onset
from muniment.pii.types import PROMISED
from muniment.silo.services import open_silo
from muniment.sso.selectors import connections_on
from muniment.sso.services import chat_user_here

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from muniment.sso.models import Connection
    from muniment.sso.types import ChatUserHere


def open_agent(identifier: str) -> Agent:
    """For doors of outsiders. NotFoundError for every agent that is not open, or not there."""
    found = Agent.objects.filter(pk=identifier, state=AgentState.LIVE).first()
    if found is None or not ways_in(found) or not masks(found):
        raise NotFoundError("There is nothing here.")
    return found


def opened(identifier: str) -> Agent | None:
    """The same; None for every other, and for one that is damaged, or erased this moment: that is not there either."""
    try:
        return open_agent(identifier)
    except MunimentError as error:
        if not isinstance(error, NotFoundError):
            log_fault(error)
        return None


def ways_in(agent: Agent) -> "list[Connection]":
    """By which somebody may come, by name. None while nothing asks for consent, whatever a row says."""
    if not asks_consent():
        return []
    return list(connections_on(_live(agent.pk).values_list("connection", flat=True)))


def asks_consent() -> bool:
    return bool(consent_at_onset.entries())


def masks(agent: Agent) -> bool:
    """Whether everything is masked that is looked for unless an owner says otherwise.

    Attack stopped: masking is switched off, or names are looked for no more, and what was shown with stand-ins shows
    outsiders the names.
    """
    held = masking(system_in(agent.team_id), agent, open_silo(agent.silo))
    return held.is_on and held.selection.classes >= PROMISED


def who_comes(agent: str, token: str) -> "ChatUserHere | None":
    """Of whom the token is, for an agent that may not be open, or not there: asked before anything is opened."""
    return chat_user_here(token=token, agent=agent) if token else None


def chat_user(agent: Agent, here: "ChatUserHere | None") -> Actor | None:
    """What who comes may do with an open agent, as of now.

    Attack stopped: a session outlives what let it in: the opening, the group, the consent's being asked for at all.
    """
    if here is None or here.team != agent.team_id:
        return None
    if not is_open_to(agent=agent.pk, connection=here.connection, groups=here.groups, domain=here.domain):
        return None
    return Actor(
        kind=ActorKind.OUTSIDER,
        ref=here.ref,
        team=agent.team_id,
        granted={agent.pk: OUTSIDERS_MAY},
        scope=Scope(OUTSIDERS_MAY, frozenset({agent.pk})),
    )


def is_open_to(*, agent: str, connection: str, groups: "Collection[str]", domain: str) -> bool:
    """As `core.registries.ChatRule`.

    Attack stopped: a provider of many organisations vouches for somebody and says neither address nor group. Who has no
    address in a domain of the team comes by a group that was named, and never as one of everybody.
    """
    found = _live(agent).filter(connection=connection).first()
    if found is None or not asks_consent():
        return False
    return (found.everybody and bool(domain)) or not set(found.groups).isdisjoint(groups)


def consent_owed(agent: Agent, actor: Actor, after: str) -> str | None:
    """Where this outsider goes before the first question; None who agreed to all there is."""
    owed = [one for one in consent_at_onset.entries() if not one.is_given(agent=agent.pk, person=actor.ref)]
    return owed[0].ask_at(agent=agent.pk, after=after) if owed else None


def _live(agent: str) -> "QuerySet[ChatOpening]":
    """Attack stopped: an opening names a connection of another team, by a row that was put in the database. Attack
    stopped: somebody makes the agent personal, and people outside the team go on asking it.
    """
    is_there = {"agent__state": AgentState.LIVE, "agent__personal": False, "connection__team": F("agent__team")}
    return ChatOpening.objects.filter(agent=agent, state=OpeningState.LIVE, **is_there)
