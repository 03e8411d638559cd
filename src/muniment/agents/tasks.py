"""What is put right in the background after processes that died."""

from contextlib import suppress
from datetime import timedelta

from muniment.agents.models import Agent
from muniment.agents.selectors import live_agents
from muniment.core.actors import SYSTEM
from muniment.core.clock import now
from muniment.core.errors import CorruptedError
from muniment.core.registries import RunningJob
from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.services import keyring
from muniment.crypto.types import INSTANCE, KeyKind
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.services import destroy_silo, open_silo, sweep

SWEEP = "agents:sweep"
_UNFINISHED = timedelta(days=1)  # older than any upload or indexing that still goes on


def sweep_orphans(job: RunningJob) -> None:
    """Job handler: removes keys, files and silos that belong to nothing, since whoever made them died over it."""
    before = now() - _UNFINISHED
    made = {ref.id: at for ref, at in keyring().refs(INSTANCE) if ref.kind is KeyKind.SILO}
    owned = set(Agent.objects.values_list("silo", flat=True))  # after the keys: an agent made meanwhile is not in them
    for silo in (silo for silo, at in made.items() if silo not in owned and at < before):
        destroy_silo(silo)
        job.heartbeat()
    for agent in live_agents(SYSTEM):
        with suppress(KeyDestroyedError, SiloDestroyedError, CorruptedError):
            sweep(open_silo(agent.silo), made_before=before)
        job.heartbeat()
