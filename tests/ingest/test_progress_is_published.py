"""While a file is read or indexed, its job says how far it is: the page shows it."""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, open_silo
from muniment.core.actors import system_in
from muniment.core.permissions import Permission
from muniment.ingest.pipeline import Pipeline
from muniment.ingest.progress import Progress, Step
from muniment.ingest.sandbox.shared import sandbox
from muniment.ingest.services import add_document
from muniment.ingest.types import ExtractedDocument
from muniment.llm.services import embedder
from muniment.silo.services import originals
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 20


class Listener:
    """A job that remembers what it was told."""

    id, asked_by, team, payload, attempt = "job", "system", None, {}, 1
    others_wait = False

    def __init__(self) -> None:
        self.said: list[str] = []
        self.heard = threading.Event()

    def heartbeat(self, *, progress: Mapping[str, int | str] | None = None) -> None:
        if progress:
            self.said += [str(text) for text in progress.values()]
            self.heard.set()

    def complete_with(self, effects: Callable[[], None]) -> None:
        effects()

    def come_again(self) -> None:
        raise AssertionError("nobody waits")


class SlowSandbox:
    """Reads page 12 of 80 until somebody was told so, then the whole file with the real one."""

    def __init__(self, job: Listener) -> None:
        self._job = job

    def parse(self, source: Iterable[bytes], *, on_progress: Callable[[int, int], None], **more: Any) -> Any:
        on_progress(12, 80)
        assert self._job.heard.wait(WAIT)
        found: ExtractedDocument = sandbox().parse(source, **more)
        return found


@pytest.fixture
def charter(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Charter")


def test_pages_while_reading_then_chunks_while_indexing(alice: Person, charter: Agent) -> None:
    add_document(actor=alice.actor, agent=charter, name="a.txt", source=[b"The barons met at Runnymede. " * 400])
    actor, job = system_in(charter.team_id), Listener()
    silo = open_silo(actor=actor, agent=charter, permission=Permission.DOCUMENT_CREATE)
    slow: Any = SlowSandbox(job)
    Pipeline(actor=actor, silo=silo, originals=originals(silo), sandbox=slow, embedder=embedder(), job=job).run()
    assert job.said[0] == "reading 12/80"
    last = Progress.from_text(job.said[-1])
    assert last.step is Step.INDEXING
    assert last.done == last.of > 1
