"""What a process that died left behind: finished at the next start of a worker, or swept within a day."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.agents.tasks import SWEEP
from muniment.core import clock
from muniment.core.actors import SYSTEM
from muniment.core.ids import id_bytes
from muniment.core.marks import Marks
from muniment.core.registries import start_steps, tickers
from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.keyring import Keyring
from muniment.crypto.types import KeyKind
from muniment.ingest.documents import DocumentState
from muniment.ingest.queue import waiting_marks
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document, delete_documents
from muniment.jobs.services import enqueue, run_due, run_until
from muniment.silo.sealed import Silo
from muniment.silo.services import create_silo, key_facts, location, open_silo, originals, outbox_marks
from muniment.silo.types import Table
from tests.cast import Person


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Museum")


def taken(marks: Marks) -> list[str]:
    with marks.taken() as found:
        return list(found)


def _added(alice: Person, agent: Agent) -> str:
    text = b"The herbarium keeps its ferns in the third cabinet."
    return add_document(actor=alice.actor, agent=agent, name="ferns.txt", source=[text]).document


@pytest.mark.django_db(transaction=True)
def test_keys_of_a_deletion_that_was_cut_short_are_destroyed_at_the_start(
    alice: Person, agent: Agent, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, silo = _added(alice, agent), open_silo(agent.silo)
    monkeypatch.setattr(Silo, "finish_erasures", lambda _: None)
    delete_documents(actor=alice.actor, agent=agent, documents=[document])
    monkeypatch.undo()
    assert keyring.open(silo.key(KeyKind.DOCUMENT, document))
    run_until(lambda: True)
    with pytest.raises(KeyDestroyedError):
        keyring.open(silo.key(KeyKind.DOCUMENT, document))


@pytest.mark.django_db(transaction=True)
def test_marks_that_were_lost_are_set_again_at_the_start(alice: Person, agent: Agent) -> None:
    _added(alice, agent)
    run_due_jobs_lost = [*taken(waiting_marks()), *taken(outbox_marks())]
    assert {agent.id, agent.silo} <= set(run_due_jobs_lost)
    for step in ("ingest:waiting", "silo:resume"):
        start_steps.get(step)()
    assert taken(waiting_marks()) == [agent.id]
    assert agent.silo in taken(outbox_marks())


@pytest.mark.django_db(transaction=True)
def test_an_upload_that_nobody_enqueued_is_read_after_the_start(
    alice: Person, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("muniment.ingest.services.enqueue", lambda **_: None)
    _added(alice, agent)
    monkeypatch.undo()
    taken(waiting_marks())
    run_due()
    assert [found.state for found in documents(alice.actor, agent)] == [DocumentState.QUEUED]
    start_steps.get("ingest:waiting")()
    tickers.get("ingest:waiting")()
    run_due()
    assert [found.state for found in documents(alice.actor, agent)] == [DocumentState.LIVE]


@pytest.mark.django_db(transaction=True)
def test_what_belongs_to_nothing_is_swept_after_a_day(
    alice: Person, agent: Agent, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, silo = _added(alice, agent), open_silo(agent.silo)
    run_due()
    lost = silo.new_group(KeyKind.DOCUMENT, also=[KeyKind.ORIGINAL])
    with originals(silo).written(lost, [b"an upload that was killed before it was queued"]):
        pass
    ownerless = create_silo(team=alice.team.pk)

    def sweep() -> None:
        enqueue(actor=SYSTEM, kind=SWEEP, payload={})
        run_due()

    sweep()
    assert keyring.holds(silo.key(KeyKind.DOCUMENT, lost))
    assert keyring.holds(key_facts(ownerless.id))
    tomorrow = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr("muniment.agents.tasks.now", lambda: tomorrow)
    sweep()
    assert not keyring.holds(silo.key(KeyKind.DOCUMENT, lost))
    assert originals(silo).documents() == [kept]
    assert not keyring.holds(key_facts(ownerless.id))
    assert not location(ownerless.id).exists()
    with silo.reading() as reader:
        assert reader.get(Table.TEXT, id_bytes(kept)) is not None
        assert all(reader.segment(info.id) for info in reader.segments())


class _Upload:
    """One that another process is receiving, or was when it died."""

    def __init__(self, agent: Agent) -> None:
        self.silo = open_silo(agent.silo)
        self.document = self.silo.new_group(KeyKind.DOCUMENT, also=[KeyKind.ORIGINAL])
        self.partial = originals(self.silo).folder / f"{self.document}.part"
        self._process = subprocess.Popen(
            [sys.executable, "-c", _RECEIVING, str(self.partial)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "receiving\n"

    def is_there(self) -> bool:
        held = [self.silo.keyring.holds(self.silo.key(kind, self.document)) for kind in _KINDS]
        assert len({*held, self.partial.exists()}) == 1
        return held[0]

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


_KINDS = (KeyKind.DOCUMENT, KeyKind.ORIGINAL)
_RECEIVING = """
import sys, time
from pathlib import Path
from muniment.silo.originals import Originals
Originals(Path(sys.argv[1]).parent, None)._begin(Path(sys.argv[1]))
print("receiving", flush=True)
time.sleep(600)
"""


@pytest.fixture
def upload(agent: Agent) -> Iterator[_Upload]:
    begun = _Upload(agent)
    yield begun
    begun.kill()


@pytest.mark.django_db(transaction=True)
def test_an_upload_whose_process_died_is_swept_at_the_start_and_no_living_one(upload: _Upload) -> None:
    start_steps.get("silo:resume")()
    assert upload.is_there()
    upload.kill()
    start_steps.get("silo:resume")()
    assert not upload.is_there()


@pytest.mark.django_db(transaction=True)
def test_an_upload_may_last_longer_than_a_day(upload: _Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr("muniment.agents.tasks.now", lambda: tomorrow)
    enqueue(actor=SYSTEM, kind=SWEEP, payload={})
    run_due()
    assert upload.is_there()
    upload.kill()
    enqueue(actor=SYSTEM, kind=SWEEP, payload={})
    run_due()
    assert not upload.is_there()


@pytest.mark.django_db(transaction=True)
def test_a_file_is_held_until_its_document_is_stored(agent: Agent) -> None:
    silo = open_silo(agent.silo)
    document, files = silo.new_group(KeyKind.DOCUMENT, also=[KeyKind.ORIGINAL]), originals(silo)

    def source() -> Iterator[bytes]:
        yield b"the first half"
        assert files.is_coming_in(document)
        assert files.abandoned() == []

    with files.written(document, source()):
        assert files.exists(document)
        assert files.is_coming_in(document)
    assert not files.is_coming_in(document)
