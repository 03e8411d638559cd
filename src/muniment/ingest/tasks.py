"""The background side of ingest: one job per agent reads whatever of that agent waits."""

from datetime import timedelta

from muniment.agents.selectors import live_agents, sender
from muniment.agents.services import open_silo
from muniment.core.actors import SYSTEM, Actor, system_in
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.core.process import give_memory_back
from muniment.core.registries import RunningJob
from muniment.crypto.errors import KeyDestroyedError
from muniment.ingest.pipeline import Pipeline
from muniment.ingest.queue import JOB
from muniment.ingest.sandbox.shared import sandbox
from muniment.jobs.services import enqueue
from muniment.llm.errors import ModelRefusedError, ModelUnavailableError
from muniment.llm.services import embedder, embedder_name, embedder_named
from muniment.llm.types import Embedder
from muniment.silo.chunks import EMBEDDING_JOB, chunk_index
from muniment.silo.errors import SiloDestroyedError, SiloFullError
from muniment.silo.sealed import Silo
from muniment.silo.services import originals
from muniment.silo.types import Table

RESUMES = timedelta(minutes=10)


def read_documents(job: RunningJob) -> None:
    """Job handler. The agent may be gone by now, or go meanwhile: then there is nothing left to do."""
    agent = live_agents(SYSTEM).filter(pk=job.payload["agent"]).first()
    if agent is None:
        return
    actor = system_in(agent.team_id)
    try:
        silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_CREATE)
        silo.finish_erasures()
        files = originals(silo)
        files.sweep()
        model = _embedder_of(actor, silo)
        if model.name != embedder_name():
            enqueue(actor=actor, kind=EMBEDDING_JOB, payload=job.payload, key=agent.id)
        for queue in (Table.QUEUE, Table.AGAIN):
            Pipeline(
                actor=actor, silo=silo, originals=files, sandbox=sandbox(), embedder=model, job=job, queue=queue
            ).run()
    except (NotFoundError, KeyDestroyedError, SiloDestroyedError):
        if live_agents(SYSTEM).filter(pk=agent.pk).exists():  # it was not erased: a fault, of ours or of the disk
            raise
    except (SiloFullError, ModelUnavailableError, ModelRefusedError):
        # A job gives up after half an hour, a disk may stay full for longer, or a model's endpoint away: one more waits
        # whenever this one fails.
        enqueue(actor=actor, kind=JOB, payload=job.payload, key=agent.id, run_at=now() + RESUMES)
        raise
    finally:
        give_memory_back()


def _embedder_of(actor: Actor, silo: Silo) -> Embedder:
    """By which the agent is searched: what comes in while others are embedded anew is found at once."""
    with silo.reading() as reader:
        model = chunk_index.get("chunks").model(reader)
    whose = sender(actor, silo)
    return (embedder_named(model, sender=whose) if model else None) or embedder(sender=whose)
