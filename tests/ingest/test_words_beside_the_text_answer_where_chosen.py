"""Notes, comments and the like are listed; they answer only where an owner chose so, and then with their place."""

from collections.abc import Iterable

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, grant_agent
from muniment.agents.types import AtOnce, MaskingMode, ReadAlong
from muniment.chat.services import ask
from muniment.chat.types import Said
from muniment.core.errors import PermissionDeniedError
from muniment.ingest.beside import MEANT
from muniment.ingest.documents import Document
from muniment.ingest.parsing.reader import read
from muniment.ingest.sandbox.client import Sandbox
from muniment.ingest.selectors import documents, open_document
from muniment.ingest.services import add_document, change_reading, delete_originals
from muniment.ingest.types import ExtractedDocument, LeftOutKind, Limits
from muniment.jobs.services import run_due
from tests.cast import Person
from tests.ingest import files, hiding, office

NOTE = "The garden party of the directors takes place on the roof."
QUESTION = "Where does the garden party of the directors take place?"
ALL = tuple(ReadAlong)

pytestmark = pytest.mark.django_db(transaction=True)


def deck(note: str = NOTE) -> bytes:
    return office.presentation([("Parking", ["Two euros per hour."]), ("Hours", ["From 14:00."])], note=note)


def make(alice: Person, masking: MaskingMode = MaskingMode.OFF) -> tuple[Agent, str]:
    agent = create_agent(actor=alice.actor, name="Hospital", masking=masking)
    return agent, add_document(actor=alice.actor, agent=agent, name="deck.pptx", source=[deck()]).document


def quotes(person: Person, agent: Agent) -> list[tuple[str, int | None]]:
    said = [
        event.sentence for event in ask(actor=person.actor, agent=agent, question=QUESTION) if isinstance(event, Said)
    ]
    return [(citation.quote, citation.page) for sentence in said for citation in sentence.citations]


def document(person: Person, agent: Agent) -> Document:
    (found,) = documents(person.actor, agent)
    return found


def parsed(name: str, data: bytes, also: Iterable[str] = ALL) -> ExtractedDocument:
    return read(data, name_hint=name, limits=Limits(also=tuple(also)), on_progress=lambda _done, _total: None)


def test_each_choice_names_a_kind_of_what_stands_beside() -> None:
    assert {one.value for one in ReadAlong} == {one.value for one in LeftOutKind} - {LeftOutKind.ATTACHMENT}


def test_a_note_answers_once_it_is_chosen_and_no_longer_once_it_is_not(alice: Person) -> None:
    agent, added = make(alice)
    run_due()
    assert quotes(alice, agent) == []
    assert change_reading(actor=alice.actor, agent=agent, along=[ReadAlong.NOTE]) == 1
    run_due()
    assert (NOTE, 1) in quotes(alice, agent)
    text = open_document(alice.actor, agent, added).text
    assert [one.is_read for one in text.left_out if one.kind is LeftOutKind.NOTE] == [True]
    assert change_reading(actor=alice.actor, agent=agent, along=[]) == 1
    run_due()
    assert quotes(alice, agent) == []


def test_what_comes_in_after_the_choice_is_read_so_at_once(alice: Person) -> None:
    agent = create_agent(actor=alice.actor, name="Hospital")
    assert change_reading(actor=alice.actor, agent=agent, along=[ReadAlong.NOTE]) == 0
    archive = office.package({"decks/a.pptx": deck()})
    add_document(actor=alice.actor, agent=agent, name="all.zip", source=[archive])
    run_due()
    assert (NOTE, 1) in quotes(alice, agent)


def test_a_choice_counts_for_what_waits(alice: Person) -> None:
    agent, _ = make(alice)
    assert change_reading(actor=alice.actor, agent=agent, along=[ReadAlong.NOTE]) == 0
    run_due()
    assert (NOTE, 1) in quotes(alice, agent)


def test_a_choice_made_while_a_file_is_read_counts_for_it(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    agent, _ = make(alice)
    parse = Sandbox.parse
    chosen: list[int] = []

    def meanwhile(self: Sandbox, *given: object, **named: object) -> ExtractedDocument:
        found = parse(self, *given, **named)  # type: ignore[arg-type]
        if not chosen:
            chosen.append(1)
            change_reading(actor=alice.actor, agent=agent, along=[ReadAlong.NOTE])
        return found

    monkeypatch.setattr(Sandbox, "parse", meanwhile)
    run_due()
    assert chosen
    assert not document(alice, agent).is_read_otherwise
    assert (NOTE, 1) in quotes(alice, agent)


def test_a_document_whose_file_is_deleted_stays_as_it_was_read(alice: Person) -> None:
    agent, _ = make(alice)
    run_due()
    delete_originals(actor=alice.actor, agent=agent)
    assert change_reading(actor=alice.actor, agent=agent, along=[ReadAlong.NOTE]) == 0
    run_due()
    assert quotes(alice, agent) == []
    assert not document(alice, agent).is_read_otherwise


def test_a_file_that_is_deleted_after_reading_is_read_as_was_chosen_and_then_rests(alice: Person) -> None:
    agent = create_agent(actor=alice.actor, name="Hospital", deletes=AtOnce(originals=True))
    change_reading(actor=alice.actor, agent=agent, along=[ReadAlong.NOTE])
    add_document(actor=alice.actor, agent=agent, name="deck.pptx", source=[deck()])
    run_due()
    assert (NOTE, 1) in quotes(alice, agent)
    assert change_reading(actor=alice.actor, agent=agent, along=[]) == 0


def test_names_in_what_is_read_along_are_masked(alice: Person) -> None:
    agent = create_agent(actor=alice.actor, name="Hospital", masking=MaskingMode.STAND_INS)
    change_reading(actor=alice.actor, agent=agent, along=[ReadAlong.NOTE])
    note = "Please call Dr Margaret Whitfield about the keys."
    added = add_document(actor=alice.actor, agent=agent, name="deck.pptx", source=[deck(note)]).document
    run_due()
    assert document(alice, agent).masked
    assert "Whitfield" in open_document(alice.actor, agent, added).text.text


def test_words_hidden_as_no_document_needs_it_and_commands_are_never_read_along() -> None:
    meant = {way: one for way, one in hiding.documents().items() if one[2] in MEANT}
    assert len(meant) > 20
    for way, (name, data, _) in meant.items():
        assert hiding.SECRET not in parsed(name, data).text, way
    assert hiding.COMMAND not in parsed("deck.pptx", deck(hiding.COMMAND)).text
    assert NOTE in parsed("deck.pptx", deck()).text  # the control


def test_a_remark_stands_at_the_end_of_its_page() -> None:
    found = parsed("a.pdf", files.pdf(["First page.", "Second page."], remark="Check this"))
    (first, end), (second, _) = found.pages
    assert found.text[first:end] == "First page.\n\nCheck this"
    assert found.text[second:].startswith("Second page.")
    assert found.page_of(found.text.index("Check this")) == 1
    assert "Check this" not in parsed("a.pdf", files.pdf(["First page."], remark="Check this"), also=()).text


def test_only_who_may_change_the_agent_chooses(alice: Person, carol: Person, mallory: Person) -> None:
    agent, _ = make(alice)
    run_due()
    page = alice.client.get(f"{agent.url}/safety").content.decode()
    assert "Speaker notes" in page
    assert "Speaker notes" not in carol.client.get(f"{agent.url}/safety").content.decode()
    assert carol.client.post(f"{agent.url}/reading", {"note": "on"}).status_code == 404
    assert mallory.client.post(f"{agent.url}/reading", {"note": "on"}).status_code == 404
    assert quotes(alice, agent) == []
    assert alice.client.post(f"{agent.url}/reading", {"note": "on"}).status_code == 302
    run_due()
    assert (NOTE, 1) in quotes(alice, agent)
    about = alice.client.get(f"{agent.url}/documents/{document(alice, agent).id}/about").content.decode()
    assert "read along" in about


def test_who_may_not_change_it_is_refused(alice: Person, carol: Person) -> None:
    agent, _ = make(alice)
    grant_agent(actor=alice.actor, agent=agent, user=carol.user.pk)
    with pytest.raises(PermissionDeniedError):
        change_reading(actor=carol.actor, agent=agent, along=ALL)
