"""What happens to conversations when a member leaves: those with the own agents go with these, in `agents.departing`.

Those the person had with other agents nobody can read any more, for a conversation is its asker's own; they are erased
in the background, so that nothing is kept that serves nobody.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from muniment.agents.selectors import live_agents, owned
from muniment.agents.services import open_silo
from muniment.chat.erasing import erase_all
from muniment.chat.models import Conversation
from muniment.core.actors import SYSTEM, system_in
from muniment.core.clock import now
from muniment.core.errors import CorruptedError, NotFoundError
from muniment.core.permissions import Permission
from muniment.core.registries import Departure, RunningJob
from muniment.crypto.errors import KeyDestroyedError
from muniment.jobs.services import enqueue
from muniment.silo.errors import SiloDestroyedError
from muniment.teams.types import Stake

ERASE = "chat:departed"
_UNDER_WAY = timedelta(hours=1)


class ConversationsOfTheLeaving:
    def preview(self, departure: Departure) -> Mapping[str, int]:
        return {Stake.CONVERSATIONS: Conversation.objects.filter(agent__in=owned(departure)).count()}

    def delete(self, departure: Departure) -> None:
        _erase(departure.team, departure.ref, until=now(), at=now())  # who comes back begins anew

    def transfer(self, departure: Departure) -> None:
        self.delete(departure)


def erase_conversations_of_outsider(team: str, ref: str) -> None:
    """As `core.registries.outsider_departures`. Looked for again when whatever was under way has ended: a question that
    was let in before is stored a moment after. Nobody comes back under this reference.
    """
    end = now() + _UNDER_WAY
    for at in (now(), end):
        _erase(team, ref, until=end, at=at)


def _erase(team: str, ref: str, *, until: datetime, at: datetime) -> None:
    payload, key = {"person": ref, "until": until.isoformat()}, f"{team} {ref} {at.isoformat()}"
    enqueue(actor=system_in(team), kind=ERASE, payload=payload, key=key, run_at=at)


def erase_departed(job: RunningJob) -> None:
    """Job handler: erases what a person who left asked the agents of this team. Idempotent."""
    team, until = job.team or "", datetime.fromisoformat(job.payload["until"])
    left = Conversation.objects.filter(person=job.payload["person"], created_at__lte=until)
    for agent in live_agents(SYSTEM).filter(team=team, conversations__in=left).distinct():
        theirs = list(left.filter(agent=agent).values_list("pk", flat=True))
        with suppress(NotFoundError, KeyDestroyedError, SiloDestroyedError, CorruptedError):
            actor = system_in(team)
            erase_all(actor, open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE), theirs)
        job.heartbeat()


CONVERSATIONS = ConversationsOfTheLeaving()
