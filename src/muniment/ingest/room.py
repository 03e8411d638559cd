"""Documents that a team's limit has no room for wait, sealed as they came, and go on by themselves once it has."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from muniment.agents.selectors import live_agents
from muniment.agents.services import open_silo
from muniment.audit.services import pending_event
from muniment.core.actors import SYSTEM, Actor, system_in
from muniment.core.errors import CorruptedError, NotFoundError
from muniment.core.ids import id_bytes
from muniment.core.permissions import Permission
from muniment.core.registries import RunningJob
from muniment.credits.services import next_in, reserve_words
from muniment.credits.types import Wanted
from muniment.crypto.errors import KeyDestroyedError
from muniment.ingest import events
from muniment.ingest.documents import Document, DocumentState
from muniment.ingest.live import Ready
from muniment.ingest.queue import JOB, queue_record
from muniment.ingest.space import count_words, put_down
from muniment.jobs.services import enqueue
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.sealed import Silo, SiloWriter
from muniment.silo.types import Table

COUNT, RECOUNT = "ingest:count", "ingest:recount"
_GONE = (NotFoundError, KeyDestroyedError, SiloDestroyedError, CorruptedError)


def take_room(group: Sequence[Ready], *, actor: Actor, silo: Silo) -> dict[str, int]:
    """Takes room for what is about to be live; those that get none, with the words they need."""
    wanted = [Wanted(one.document.id, one.read.hidden.text.words, one.document.replaces) for one in group]
    return reserve_words(actor=actor, silo=silo.id, wanted=wanted)


def hold(writer: SiloWriter, ready: Ready, needs: int, *, actor: Actor, silo: Silo) -> None:
    """Out of the queue. Its file stays, also where it is to be deleted after reading: it has to be read again."""
    document = replace(ready.document, state=DocumentState.WAITING, needs=needs, attempts=0)
    writer.put(Table.DOCUMENT, [document.to_record()])
    writer.put(Table.HELD, [queue_record(document.id)])
    writer.delete(Table.QUEUE, [ready.row])
    facts = {"words": needs}
    writer.add_event(
        *pending_event(kind=events.DOCUMENT_HELD, actor=actor, subject=document.id, silo=silo.id, facts=facts)
    )


def let_in(job: RunningJob) -> None:
    """Job handler: queues the waiting documents of a team for which there is room. They take it when they are read; one
    that comes too late waits again.
    """
    team = job.team or ""
    agents = {agent.silo: agent for agent in live_agents(SYSTEM).filter(team=team)}
    for silo_id, documents in next_in(team).items():
        agent = agents.get(silo_id)
        if agent is None:
            continue
        with suppress(*_GONE):
            actor = system_in(team)
            silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_CREATE)
            with silo.writing() as writer:
                _queue_held(writer, documents)
            put_down(actor=actor, silo=silo, documents=documents)
            enqueue(actor=actor, kind=JOB, payload={"agent": agent.id}, key=agent.id)
        job.heartbeat()


def count(job: RunningJob) -> None:
    """Job handler, each hour: documents that are not put down, or no longer there."""
    count_words(thorough=False, beat=job.heartbeat)


def recount(job: RunningJob) -> None:
    """Job handler, each day: the same with all numbers."""
    count_words(thorough=True, beat=job.heartbeat)


def _queue_held(writer: SiloWriter, documents: Sequence[str]) -> None:
    wanted = set(documents)
    held = [record for record in writer.records(Table.HELD) if record.group in wanted]
    found = map(Document.from_record, writer.get_many(Table.DOCUMENT, [id_bytes(one.group) for one in held]))
    writer.put(Table.DOCUMENT, [replace(one, state=DocumentState.QUEUED, needs=0).to_record() for one in found])
    writer.delete(Table.HELD, [record.id for record in held])
    writer.put(Table.QUEUE, [queue_record(record.group) for record in held])
