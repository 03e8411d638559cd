"""Addresses of an agent's pages, as who asks may open them: members' lie under the agent, outsiders' under its chat."""

from typing import TYPE_CHECKING

from muniment.core.actors import Actor, ActorKind
from muniment.sso.services import chat_address

if TYPE_CHECKING:
    from muniment.agents.models import Agent


def pages_of(actor: Actor, agent: "Agent") -> str:
    """The address of the agent's first page, under which this person's others lie."""
    return chat_address(agent.pk) if actor.kind is ActorKind.OUTSIDER else agent.url


def talk_address(pages: str, conversation: str) -> str:
    return f"{pages}/conversations/{conversation}"


def document_address(pages: str, document: str) -> str:
    return f"{pages}/documents/{document}"
