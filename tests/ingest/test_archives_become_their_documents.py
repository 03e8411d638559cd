"""An archive that is uploaded becomes its documents: each under its own name, each with its own fate."""

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable, Mapping
from unittest.mock import patch

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.chat.services import ask
from muniment.chat.types import Said
from muniment.ingest.documents import Document, DocumentState
from muniment.ingest.sandbox.client import Sandbox
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document, delete_documents
from muniment.jobs.services import run_due
from tests.cast import Person
from tests.ingest import office, samples

pytestmark = pytest.mark.django_db(transaction=True)

FILES: Mapping[str, bytes] = {
    "wards/parking.md": samples.SAMPLES["a.md"],
    "wards/Löschkonzept.txt": samples.OTHER.encode(),
    "mail.eml": samples.SAMPLES["a.eml"],
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(60),
    "__MACOSX/wards/._parking.md": b"litter",
    ".DS_Store": b"litter",
}
LIVE = {"wards/parking.md", "wards/Löschkonzept.txt", "mail.eml"}


def tar(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


WAYS: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "a.zip": office.package,
    "a.tar": tar,
    "a.tar.gz": lambda files: gzip.compress(tar(files)),
    "a.tar.bz2": lambda files: bz2.compress(tar(files)),
    "a.tar.xz": lambda files: lzma.compress(tar(files)),
}


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Hospital")


def _upload(alice: Person, agent: Agent, name: str, data: bytes) -> dict[str, Document]:
    add_document(actor=alice.actor, agent=agent, name=name, source=[data])
    run_due()
    return {one.name: one for one in documents(alice.actor, agent)}


@pytest.mark.parametrize("name", WAYS)
def test_each_file_is_a_document(name: str, alice: Person, agent: Agent) -> None:
    found = _upload(alice, agent, name, WAYS[name](FILES))
    assert {key for key, one in found.items() if one.state is DocumentState.LIVE} == {f"{name}/{key}" for key in LIVE}
    failed = {one.name: one.error for one in found.values() if one.state is DocumentState.FAILED}
    assert failed.keys() == {f"{name}/picture.png", f"{name}/mail.eml/Lageplan ä.pdf"}
    assert "damaged" in failed[f"{name}/picture.png"]
    assert "no text" in failed[f"{name}/mail.eml/Lageplan ä.pdf"]
    assert {one.added_by for one in found.values()} == {alice.actor.ref}


def test_they_answer(alice: Person, agent: Agent) -> None:
    _upload(alice, agent, "a.zip", office.package(FILES))
    events = list(ask(actor=alice.actor, agent=agent, question=samples.QUESTION))
    quotes = [citation.quote for event in events if isinstance(event, Said) for citation in event.sentence.citations]
    assert any("two euros per hour" in quote for quote in quotes)


def test_an_archive_within_is_opened_too(alice: Person, agent: Agent) -> None:
    inner = gzip.compress(tar({"b.txt": samples.SENTENCE.encode()}))
    found = _upload(
        alice, agent, "a.zip", office.package({"deep/inner.tar.gz": inner, "c.docx": samples.SAMPLES["a.docx"]})
    )
    assert set(found) == {"a.zip/deep/inner.tar.gz/b.txt", "a.zip/c.docx"}


def test_the_same_archive_again_adds_nothing(alice: Person, agent: Agent) -> None:
    first = _upload(alice, agent, "a.zip", office.package(FILES))
    again = _upload(alice, agent, "a.zip", office.package(FILES))
    live = {one.id for one in first.values() if one.state is DocumentState.LIVE}
    assert live == {one.id for one in again.values() if one.state is DocumentState.LIVE}
    assert len(again) == len(first)


def test_large_archives_come_in_batches(alice: Person, agent: Agent) -> None:
    files = {f"{number}.txt": f"Ward number {number} is open.".encode() for number in range(450)}
    asked: list[int] = []
    ask_child = Sandbox._ask

    def counted(self: Sandbox, act: str, *arguments: object, **options: object) -> bytes:
        asked.append(act == "unpack")
        return ask_child(self, act, *arguments, **options)  # type: ignore[arg-type]

    with patch.object(Sandbox, "_ask", counted):
        unpacked = list(_sandbox().unpack(lambda: [office.package(files)]))
    assert [one.name for one in unpacked] == list(files)
    assert sum(asked) == 3


def test_an_archive_deleted_while_it_is_unpacked_leaves_nothing(alice: Person, agent: Agent) -> None:
    added = add_document(actor=alice.actor, agent=agent, name="a.zip", source=[office.package(FILES)])
    unpack = Sandbox.unpack

    def interrupted(self: Sandbox, *arguments: object, **options: object) -> object:
        yield from unpack(self, *arguments, **options)  # type: ignore[arg-type]
        delete_documents(actor=alice.actor, agent=agent, documents=[added.document])

    with patch.object(Sandbox, "unpack", interrupted):
        run_due()
    assert documents(alice.actor, agent) == []


def _sandbox() -> Sandbox:
    from muniment.ingest.sandbox.shared import sandbox  # noqa: PLC0415 - the one that the worker uses

    return sandbox()
