"""The background side of retrieval: agents that another embedding model is to search."""

from contextlib import suppress
from datetime import timedelta

from muniment.agents.selectors import live_agents, sender
from muniment.agents.services import open_silo
from muniment.core.actors import SYSTEM, system_in
from muniment.core.clock import now
from muniment.core.errors import CorruptedError, NotFoundError
from muniment.core.permissions import Permission
from muniment.core.process import give_memory_back
from muniment.core.registries import RunningJob
from muniment.crypto.errors import KeyDestroyedError
from muniment.jobs.services import enqueue
from muniment.llm.errors import ModelRefusedError, ModelUnavailableError
from muniment.llm.services import embedder, embedder_name, embedding_folder
from muniment.retrieval.models import KnownModel
from muniment.retrieval.reembedding import Reembedding
from muniment.retrieval.writing import SealedIndex
from muniment.silo.chunks import EMBEDDING_JOB
from muniment.silo.errors import SiloDestroyedError

LOOK = "retrieval:models"
RESUMES = timedelta(minutes=10)


def look_at_models(job: RunningJob) -> None:
    """Job handler: enqueues the work for each agent that is not searched by the configured model alone."""
    name, folder = embedder_name(), embedding_folder()
    if folder is not None:
        KnownModel.objects.update_or_create(name=name, defaults={"folder": str(folder.path)})
    for agent in live_agents(SYSTEM):
        actor = system_in(agent.team_id)
        with suppress(NotFoundError, KeyDestroyedError, SiloDestroyedError, CorruptedError):
            silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_CREATE)
            with silo.reading() as reader:
                found = SealedIndex().models(reader)
            if found - {name}:
                enqueue(actor=actor, kind=EMBEDDING_JOB, payload={"agent": agent.id}, key=agent.id)
        job.heartbeat()


def embed_anew(job: RunningJob) -> None:
    """Job handler. The agent may be gone by now, or go meanwhile: then there is nothing left to do."""
    agent = live_agents(SYSTEM).filter(pk=job.payload["agent"]).first()
    if agent is None:
        return
    actor = system_in(agent.team_id)
    try:
        silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_CREATE)
        silo.finish_erasures()
        Reembedding(actor=actor, silo=silo, embedder=embedder(sender=sender(actor, silo)), job=job).run()
    except (ModelUnavailableError, ModelRefusedError):
        # What is searched goes on being searched. A job gives up in the end, an endpoint may be away for longer.
        enqueue(actor=actor, kind=EMBEDDING_JOB, payload=job.payload, key=agent.id, run_at=now() + RESUMES)
        raise
    except (NotFoundError, KeyDestroyedError, SiloDestroyedError):
        if live_agents(SYSTEM).filter(pk=agent.pk).exists():  # it was not erased: a fault, of ours or of the disk
            raise
    finally:
        give_memory_back()


def look_soon() -> None:
    """Start step of a worker: a changed setting comes with a start."""
    enqueue(actor=SYSTEM, kind=LOOK, payload={}, key=LOOK)
