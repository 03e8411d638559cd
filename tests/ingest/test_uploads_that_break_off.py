"""An upload that ends early, is too large, comes twice, or is deleted while it is read leaves nothing half."""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, open_silo
from muniment.core.permissions import Permission
from muniment.crypto.types import KeyKind
from muniment.ingest.documents import DocumentState
from muniment.ingest.errors import UploadTooLargeError
from muniment.ingest.sandbox import shared
from muniment.ingest.selectors import documents
from muniment.ingest.services import Added, add_document, delete_documents
from muniment.jobs.services import run_due
from muniment.silo.chunks import chunks_of
from muniment.silo.types import Table
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
MEBIBYTE = 2**20


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Uploads")


def _left(alice: Person, agent: Agent) -> tuple[list[str], int, int]:
    """Files, keys of documents and originals, and records that are there."""
    silo = open_silo(actor=alice.actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
    folder = Path(settings.MUNIMENT_HOME) / "originals" / silo.id
    kinds = [ref.kind for ref, _ in silo.keyring.refs(silo.id)]
    with silo.reading() as reader:
        records = sum(reader.count(table) for table in Table)
    keys = kinds.count(KeyKind.DOCUMENT) + kinds.count(KeyKind.ORIGINAL)
    return [path.name for path in folder.iterdir()] if folder.exists() else [], keys, records


def test_one_that_is_cut_off_at_nine_tenths_leaves_nothing(alice: Person, agent: Agent) -> None:
    before = _left(alice, agent)

    def source() -> Iterator[bytes]:
        for _ in range(9):
            yield bytes(100_000)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        add_document(actor=alice.actor, agent=agent, name="a.txt", source=source())
    assert _left(alice, agent) == before
    add_document(actor=alice.actor, agent=agent, name="a.txt", source=[b"The whole of it."])
    run_due()
    assert [document.state for document in documents(alice.actor, agent)] == [DocumentState.LIVE]


def test_one_over_the_limit_is_stopped_while_it_streams(alice: Person, agent: Agent, settings: Any) -> None:
    settings.MUNIMENT_UPLOAD_LIMIT = 1
    before, taken = _left(alice, agent), []

    def source() -> Iterator[bytes]:
        for number in range(100):
            taken.append(number)
            yield bytes(MEBIBYTE // 4)

    with pytest.raises(UploadTooLargeError, match=r"larger than 1 MB\. Split it"):
        add_document(actor=alice.actor, agent=agent, name="a.txt", source=source())
    assert len(taken) == 5
    assert _left(alice, agent) == before


def test_the_same_file_twice_at_once_is_one_document(alice: Person, agent: Agent) -> None:
    together = threading.Barrier(2)

    def upload(name: str) -> Added:
        def source() -> Iterator[bytes]:
            yield b"The charter was sealed "
            together.wait(30)
            yield b"at Runnymede."

        try:
            return add_document(actor=alice.actor, agent=agent, name=name, source=source())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        added = list(pool.map(upload, ["a.txt", "b.txt"]))
    run_due()
    assert sorted(one.duplicate for one in added) == [False, True]
    assert len({one.document for one in added}) == 1
    assert [document.state for document in documents(alice.actor, agent)] == [DocumentState.LIVE]
    files, keys, _ = _left(alice, agent)
    assert (len(files), keys) == (1, 2)


class Interrupted:
    """The real sandbox; once it has read a file, `act` happens before the answer is given."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act = act
        self._real = shared.sandbox()

    def parse(self, source: Iterable[bytes], **more: Any) -> Any:
        found = self._real.parse(source, **more)
        act, self._act = self._act, lambda: None
        act()
        return found


def test_one_deleted_while_it_is_read_is_gone(alice: Person, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _left(alice, agent)
    added = add_document(actor=alice.actor, agent=agent, name="a.txt", source=[b"The charter was sealed."])

    def delete() -> None:
        assert delete_documents(actor=alice.actor, agent=agent, documents=[added.document])
        connections.close_all()

    interrupted: Any = Interrupted(delete)
    monkeypatch.setattr(shared, "_sandboxes", [interrupted])
    run_due()
    assert documents(alice.actor, agent) == []
    assert _left(alice, agent) == before


def test_a_changed_file_takes_the_place_of_the_old_one_in_one_moment(
    alice: Person, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every snapshot taken between upload and end shows the words of exactly one version."""
    silo = open_silo(actor=alice.actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
    seen: list[list[str]] = []

    def look() -> None:
        with silo.reading() as reader:
            seen.append(sorted(chunk.text for chunk in chunks_of(reader)))

    add_document(actor=alice.actor, agent=agent, name="a.txt", source=[b"Parking costs two euros."])
    run_due()
    look()
    interrupted: Any = Interrupted(look)
    monkeypatch.setattr(shared, "_sandboxes", [interrupted])
    add_document(actor=alice.actor, agent=agent, name="a.txt", source=[b"Parking costs three euros."])
    ended = threading.Event()
    looks = threading.Thread(target=lambda: [look() for _ in iter(ended.is_set, True)])
    looks.start()
    run_due()
    ended.set()
    looks.join()
    look()
    assert seen[0] == seen[1] == ["Parking costs two euros."]
    assert seen[-1] == ["Parking costs three euros."]
    assert all(texts in (["Parking costs two euros."], ["Parking costs three euros."]) for texts in seen)
    files, keys, _ = _left(alice, agent)
    assert (len(files), keys) == (1, 2)


def test_a_second_try_of_a_failed_version_replaces_the_old_one(alice: Person, agent: Agent) -> None:
    for content in (b"Parking costs two euros.", b"%PDF-1.4 broken", b"%PDF-1.4 broken"):
        add_document(actor=alice.actor, agent=agent, name="a.txt", source=[content])
        run_due()
    states = {document.state: document for document in documents(alice.actor, agent)}
    assert states[DocumentState.FAILED].replaces == (states[DocumentState.LIVE].id,)
    add_document(actor=alice.actor, agent=agent, name="a.txt", source=[b"Parking costs three euros."])
    run_due()
    assert [document.state for document in documents(alice.actor, agent)] == [DocumentState.LIVE]
    files, keys, _ = _left(alice, agent)
    assert (len(files), keys) == (1, 2)


def test_a_file_whose_key_is_gone_is_swept(alice: Person, agent: Agent) -> None:
    """The process died after it destroyed the key and before it unlinked the file."""
    added = add_document(actor=alice.actor, agent=agent, name="a.txt", source=[b"The charter was sealed."])
    silo = open_silo(actor=alice.actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
    silo.keyring.destroy([silo.key(kind, added.document) for kind in (KeyKind.ORIGINAL, KeyKind.DOCUMENT)])
    kept = add_document(actor=alice.actor, agent=agent, name="b.txt", source=[b"The seal was green."])
    run_due()
    assert _left(alice, agent)[0] == [kept.document]
