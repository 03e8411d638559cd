"""Conversations end: one, all of an agent, those that are old, and what a crash or a restore left of any."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from muniment.agents.selectors import live_agents
from muniment.agents.services import open_silo
from muniment.audit.services import pending_event
from muniment.chat import events
from muniment.chat.models import Conversation
from muniment.chat.selectors import own
from muniment.core.actors import SYSTEM, Actor, system_in
from muniment.core.clock import now
from muniment.core.errors import CorruptedError, NotFoundError, TransientError
from muniment.core.ids import id_bytes
from muniment.core.permissions import Permission
from muniment.core.registries import RunningJob
from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.types import KeyKind
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.sealed import Silo
from muniment.silo.types import Table

if TYPE_CHECKING:
    from muniment.agents.models import Agent


def delete_conversation(*, actor: Actor, agent: "Agent", conversation: str) -> None:
    """Erases a conversation for ever: its records, then its key."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    own(actor, agent, conversation)
    _erase(actor, silo, conversation)


def delete_conversations(*, actor: Actor, agent: "Agent") -> int:
    """Erases every conversation with the agent, whoever had it; returns how many."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.TEAM_CONVERSATION_DELETE)
    found = list(Conversation.objects.filter(agent=agent).values_list("pk", flat=True))
    for first in range(0, len(found), 100):
        erase_all(actor, silo, found[first : first + 100])
    return len(found)


def expire_conversations(job: RunningJob) -> None:
    """Job handler: erases conversations older than their agent keeps them."""
    for agent in live_agents(SYSTEM).filter(retention_days__isnull=False):
        actor = system_in(agent.team_id)
        oldest = now() - timedelta(days=agent.retention_days or 0)
        for conversation in Conversation.objects.filter(agent=agent, asked_at__lt=oldest):
            with suppress(NotFoundError, KeyDestroyedError, SiloDestroyedError):
                silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
                _erase(actor, silo, conversation.id)
            job.heartbeat()


def finish_erasures() -> None:
    """At start: takes out of the index what was erased in its silo by a process that died before it could."""
    for agent in live_agents(SYSTEM).filter(conversations__isnull=False).distinct():
        listed = Conversation.objects.filter(agent=agent)
        with suppress(KeyDestroyedError, SiloDestroyedError, CorruptedError, TransientError):
            silo = open_silo(actor=system_in(agent.team_id), agent=agent, permission=Permission.CONVERSATION_CREATE)
            silo.finish_erasures()
            listed.filter(pk__in=silo.erased(KeyKind.CONVERSATION, listed.values_list("pk", flat=True))).delete()


def match_conversations(*, agent: "Agent", silo: Silo) -> None:
    """After a restore: an agent's index of conversations and its silo name the same ones again."""
    listed = Conversation.objects.filter(agent=agent)
    with silo.reading() as reader:
        there = {record.group for record in reader.records(Table.CONVERSATION)}
    listed.exclude(pk__in=there).delete()
    for lost in there - set(listed.values_list("pk", flat=True)):
        with silo.writing() as writer:
            writer.erase_group([Table.CONVERSATION, Table.MESSAGE], lost)


def _erase(actor: Actor, silo: Silo, conversation: str) -> None:
    erase_all(actor, silo, [conversation])


def erase_all(actor: Actor, silo: Silo, some: Sequence[str]) -> None:
    """The index last: where a crash comes before it, `finish_erasures` or the next try takes it out, with no event."""
    with silo.writing() as writer:
        for conversation in some:
            if writer.existing(Table.CONVERSATION, [id_bytes(conversation)]):
                count = writer.count(Table.MESSAGE, group=conversation)
                writer.erase_group([Table.CONVERSATION, Table.MESSAGE], conversation)
                event = pending_event(
                    kind=events.CONVERSATION_ERASED,
                    actor=actor,
                    subject=conversation,
                    silo=silo.id,
                    facts={"messages": count},
                )
                writer.add_event(*event)
    Conversation.objects.filter(pk__in=some).delete()
