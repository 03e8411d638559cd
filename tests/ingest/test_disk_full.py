"""A disk that is really full (a tmpfs of 24 MiB) while a file is uploaded and while one is indexed: said in a
sentence, nothing is half, and the work goes on once there is space."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, open_silo
from muniment.core.clock import now
from muniment.core.permissions import Permission
from muniment.ingest.documents import DocumentState
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document
from muniment.jobs.models import Job
from muniment.jobs.services import run_due
from muniment.silo.errors import SiloFullError
from muniment.silo.services import close_all
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = b"The herbarium is open on Mondays. " * 400


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """Silos and originals of this test lie on a disk of their own."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount the small disk that this test fills")
    places = [Path(settings.MUNIMENT_HOME) / name for name in ("silos", "originals")]
    close_all()
    mounted = []
    try:
        for place in places:
            place.mkdir(exist_ok=True)
            done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", place], check=False)
            if done.returncode:
                pytest.skip("this machine lets nobody mount the small disk that this test fills")
            mounted.append(place)
        yield places[1]
    finally:
        close_all()
        for place in mounted:
            subprocess.run(["umount", place], check=True)


@pytest.fixture
def agent(small_disk: Path, alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Small disk")


def _fill(folder: Path) -> Path:
    path = folder / "ballast"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return path


def test_an_upload_says_so_and_leaves_nothing(small_disk: Path, alice: Person, agent: Agent) -> None:
    with pytest.raises(SiloFullError, match="The disk is full"):
        add_document(actor=alice.actor, agent=agent, name="a.txt", source=(TEXT for _ in range(3_000)))
    assert documents(alice.actor, agent) == []
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
    add_document(actor=alice.actor, agent=agent, name="a.txt", source=[TEXT])
    run_due()
    assert [document.state for document in documents(alice.actor, agent)] == [DocumentState.LIVE]


def test_indexing_says_so_and_goes_on_once_there_is_space(small_disk: Path, alice: Person, agent: Agent) -> None:
    added = add_document(actor=alice.actor, agent=agent, name="a.txt", source=[TEXT])
    ballast = _fill(small_disk.parent / "silos")
    run_due()
    (found,) = documents(alice.actor, agent)
    assert (found.state, found.attempts) == (DocumentState.QUEUED, 0)
    waiting = Job.objects.filter(key=agent.id, state="waiting")
    assert {job.error for job in waiting} >= {"The disk is full. Nothing was changed; free some space and try again."}
    ballast.unlink()
    waiting.update(run_at=now())
    run_due()
    (found,) = documents(alice.actor, agent)
    assert (found.id, found.state) == (added.document, DocumentState.LIVE)
    open_silo(actor=alice.actor, agent=agent, permission=Permission.DOCUMENT_VIEW).engine.check()
