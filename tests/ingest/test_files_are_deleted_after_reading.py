"""Delete after processing, for each file of an agent or for one upload: the text stays and answers, the file goes."""

from collections.abc import Iterable
from dataclasses import replace
from unittest.mock import patch

import pytest

from muniment.agents.models import Agent
from muniment.agents.selectors import masking_in
from muniment.agents.services import create_agent, grant_agent
from muniment.agents.types import AtOnce, MaskingMode, MaskingRules
from muniment.audit.selectors import entries
from muniment.audit.services import checkpoint_now
from muniment.chat.services import ask
from muniment.chat.types import Said
from muniment.core.actors import SYSTEM
from muniment.core.errors import PermissionDeniedError
from muniment.crypto.types import KeyKind
from muniment.ingest.documents import Document, DocumentState
from muniment.ingest.sandbox.client import Sandbox
from muniment.ingest.selectors import documents, open_document, original
from muniment.ingest.services import (
    add_document,
    change_deletion,
    change_masking,
    delete_originals,
    retry_documents,
)
from muniment.jobs.services import run_due
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.services import open_silo, originals
from muniment.silo.types import Table
from tests.cast import Person
from tests.ingest import office

pytestmark = pytest.mark.django_db(transaction=True)
FERNS = b"The herbarium keeps its ferns in the third cabinet."
READ_ONCE = AtOnce(originals=True)


def make(alice: Person, deletes: AtOnce, masking: MaskingMode = MaskingMode.OFF) -> Agent:
    return create_agent(actor=alice.actor, name="Museum", masking=masking, deletes=deletes)


def add(person: Person, agent: Agent, name: str, content: bytes, *, delete_original: bool = False) -> str:
    return add_document(
        actor=person.actor, agent=agent, name=name, source=[content], delete_original=delete_original
    ).document


def read(alice: Person, agent: Agent) -> dict[str, Document]:
    run_due()
    return {one.name: one for one in documents(alice.actor, agent)}


def kept(agent: Agent) -> set[str]:
    """The documents that have a file or a key of one."""
    silo = open_silo(agent.silo)
    keys = {ref.id for ref, _ in silo.keyring.refs(silo.id) if ref.kind is KeyKind.ORIGINAL}
    files = originals(silo).folder
    return keys | ({path.stem for path in files.iterdir()} if files.exists() else set())


def erasures(agent: Agent) -> list[tuple[str, str | None, object, object]]:
    """Who, of which document, whether it had been read, the grade: as the log has it, the oldest first."""
    checkpoint_now()
    found = entries(SYSTEM, silo=agent.silo, kind="agent:original:erased")
    return [(one.actor, one.subject, one.facts["read"], one.facts["grade"]) for one in reversed(found)]


@pytest.mark.parametrize("way", ["agent", "upload"])
def test_the_text_answers_and_the_file_is_gone(alice: Person, bob: Person, way: str) -> None:
    agent = make(alice, READ_ONCE if way == "agent" else AtOnce())
    document = add(bob, agent, "ferns.txt", FERNS, delete_original=way == "upload")
    assert kept(agent) == {document}
    found = read(alice, agent)["ferns.txt"]
    assert found.state is DocumentState.LIVE
    assert found.original_erased
    assert kept(agent) == set()
    assert erasures(agent) == [(bob.actor.ref, document, True, "key_destroyed")]
    with pytest.raises(SiloDestroyedError):
        list(original(alice.actor, agent, document))
    assert not open_document(alice.actor, agent, document).has_original
    said = list(ask(actor=alice.actor, agent=agent, question="Where are the ferns?"))
    assert any(isinstance(event, Said) for event in said)


def test_what_nobody_asked_for_is_kept(alice: Person) -> None:
    agent = make(alice, AtOnce())
    document = add(alice, agent, "ferns.txt", FERNS)
    assert not read(alice, agent)["ferns.txt"].original_erased
    assert kept(agent) == {document}
    assert b"".join(original(alice.actor, agent, document)) == FERNS
    assert erasures(agent) == []


def test_a_file_that_cannot_be_read_goes_too_and_is_not_tried_again(alice: Person) -> None:
    agent = make(alice, READ_ONCE)
    document = add(alice, agent, "broken.pdf", b"%PDF-1.7 and no more")
    found = read(alice, agent)["broken.pdf"]
    assert found.state is DocumentState.FAILED
    assert "damaged" in found.error
    assert kept(agent) == set()
    assert erasures(agent) == [(alice.actor.ref, document, False, "key_destroyed")]
    assert retry_documents(actor=alice.actor, agent=agent, documents=[document]) == 0
    assert add(alice, agent, "broken.pdf", b"%PDF-1.7 and no more") != document  # sent again, it is tried again


def test_one_that_is_given_up_goes_with_its_last_attempt(alice: Person) -> None:
    agent = make(alice, READ_ONCE)
    document = add(alice, agent, "ferns.txt", FERNS)
    silo = open_silo(agent.silo)
    with silo.writing() as writer:
        record = next(writer.records(Table.DOCUMENT))
        writer.put(Table.DOCUMENT, [replace(Document.from_record(record), attempts=15).to_record()])
    assert read(alice, agent)["ferns.txt"].state is DocumentState.FAILED
    assert kept(agent) == set()
    assert erasures(agent) == [(alice.actor.ref, document, False, "key_destroyed")]


@pytest.mark.parametrize("way", ["agent", "upload"])
def test_an_archive_and_each_file_in_it(alice: Person, way: str) -> None:
    agent = make(alice, READ_ONCE if way == "agent" else AtOnce())
    archive = office.package({"a.txt": FERNS, "deep/b.txt": b"Lanterns hang in room nine."})
    add(alice, agent, "a.zip", archive, delete_original=way == "upload")
    found = read(alice, agent)
    assert set(found) == {"a.zip/a.txt", "a.zip/deep/b.txt"}
    assert kept(agent) == set()
    assert {subject for _, subject, _, _ in erasures(agent)} == {one.id for one in found.values()}


def test_a_decision_counts_for_what_waits_and_for_what_is_on_its_way(alice: Person) -> None:
    agent = make(alice, AtOnce())
    before = add(alice, agent, "before.txt", b"Lanterns hang in room nine.")
    read(alice, agent)
    add(alice, agent, "waiting.txt", FERNS)

    def pieces() -> Iterable[bytes]:
        yield b"A letter "
        change_deletion(actor=alice.actor, agent=agent, deletes=READ_ONCE)
        yield b"that comes in meanwhile."

    add_document(actor=alice.actor, agent=agent, name="coming.txt", source=pieces())
    found = read(alice, agent)
    assert {name for name, one in found.items() if one.original_erased} == {"waiting.txt", "coming.txt"}
    assert kept(agent) == {before}


def test_a_decision_while_an_archive_is_unpacked_counts_for_its_files(alice: Person) -> None:
    agent = make(alice, AtOnce())
    add(alice, agent, "a.zip", office.package({"a.txt": FERNS}))
    unpack = Sandbox.unpack

    def decided(self: Sandbox, *arguments: object, **options: object) -> object:
        change_deletion(actor=alice.actor, agent=agent, deletes=READ_ONCE)
        yield from unpack(self, *arguments, **options)  # type: ignore[arg-type]

    with patch.object(Sandbox, "unpack", decided):
        read(alice, agent)
    assert kept(agent) == set()


def test_a_decision_while_a_document_is_read_counts(alice: Person) -> None:
    agent = make(alice, AtOnce())
    add(alice, agent, "a.txt", FERNS)
    parse = Sandbox.parse

    def decided(self: Sandbox, *arguments: object, **options: object) -> object:
        change_deletion(actor=alice.actor, agent=agent, deletes=READ_ONCE)
        return parse(self, *arguments, **options)  # type: ignore[arg-type]

    with patch.object(Sandbox, "parse", decided):
        read(alice, agent)
    assert kept(agent) == set()


def test_those_from_before_are_deleted_when_asked_for(alice: Person) -> None:
    agent = make(alice, AtOnce())
    ferns, broken = add(alice, agent, "ferns.txt", FERNS), add(alice, agent, "broken.pdf", b"%PDF-1.7 and no more")
    read(alice, agent)
    waiting = add(alice, agent, "waiting.txt", b"Lanterns hang in room nine.")
    assert set(delete_originals(actor=alice.actor, agent=agent)) == {ferns, broken}
    assert kept(agent) == {waiting}
    assert {(subject, read) for _, subject, read, _ in erasures(agent)} == {(ferns, True), (broken, False)}
    assert delete_originals(actor=alice.actor, agent=agent) == []


def test_a_guest_deletes_and_decides_nothing(alice: Person, carol: Person) -> None:
    agent = make(alice, AtOnce())
    add(alice, agent, "ferns.txt", FERNS)
    grant_agent(actor=alice.actor, agent=agent, user=carol.user.pk)
    for act in (
        lambda: delete_originals(actor=carol.actor, agent=agent),
        lambda: change_deletion(actor=carol.actor, agent=agent, deletes=READ_ONCE),
    ):
        with pytest.raises(PermissionDeniedError):
            act()


def test_what_is_masked_for_good_stays_masked(alice: Person) -> None:
    """Without its file a document is masked further, and never back."""
    agent = make(alice, READ_ONCE, MaskingMode.MASK)
    add(alice, agent, "letter.txt", b"Write to Margaret Holloway, margaret.holloway@example.org, about the ferns.")
    assert read(alice, agent)["letter.txt"].is_masked_for_good
    change_masking(actor=alice.actor, agent=agent, rules=MaskingRules(MaskingMode.OFF))
    (found,) = read(alice, agent).values()
    assert found.state is DocumentState.LIVE
    text = open_document(alice.actor, agent, found.id).text.text
    assert "margaret.holloway@example.org" not in text
    silo = open_silo(agent.silo)
    with silo.reading() as reader:
        assert found.masking == masking_in(silo, reader).stamp


def test_masked_by_stand_ins_the_words_come_back_without_the_file(alice: Person) -> None:
    agent = make(alice, READ_ONCE, MaskingMode.STAND_INS)
    add(alice, agent, "letter.txt", b"Write to Margaret Holloway, margaret.holloway@example.org, about the ferns.")
    assert not read(alice, agent)["letter.txt"].is_masked_for_good
    change_masking(actor=alice.actor, agent=agent, rules=MaskingRules(MaskingMode.OFF))
    (found,) = read(alice, agent).values()
    assert "margaret.holloway@example.org" in open_document(alice.actor, agent, found.id).text.text
