"""Whoever is asked for by name, in any form of it, is found in what was masked; citations are exact for each reader."""

import json
from dataclasses import replace

import pytest

from muniment.agents.models import Agent
from muniment.agents.selectors import masking
from muniment.agents.services import create_agent, grant_agent, open_silo
from muniment.agents.types import MaskingMode, MaskingRules
from muniment.chat.questions import Masker
from muniment.chat.records import Message
from muniment.chat.selectors import conversation
from muniment.chat.services import ask
from muniment.chat.types import Citation, Said, Started
from muniment.core.ids import id_bytes
from muniment.core.permissions import Permission
from muniment.ingest.masking import read_mask
from muniment.ingest.selectors import open_document
from muniment.ingest.services import change_masking
from muniment.ingest.types import ExtractedDocument
from muniment.jobs.services import run_due
from muniment.pii.types import Selection
from muniment.silo.sealed import Silo
from muniment.silo.types import Table
from tests.cast import Person
from tests.chat.conftest import add, only, said, stream

pytestmark = pytest.mark.django_db(transaction=True)
LETTER = b"""# Staff

Ms Margaret Holloway keeps the key of the herbarium. Holloway's desk is on the second floor.

Mr Oliver Pemberton feeds the owls at night. Pemberton's desk is in the cellar.
"""
BRIEF = """# Personal

Frau Sabine Krautwurst verwaltet den Schl\u00fcssel des Herbariums. Krautwursts Schreibtisch steht im zweiten Stock,
neben dem Fenster, und dort liegen auch die Listen der Besucher und die Karten des Gartens.
"""


@pytest.fixture
def staff(alice: Person, carol: Person) -> Agent:
    made = create_agent(actor=alice.actor, name="Staff")
    grant_agent(actor=alice.actor, agent=made, user=carol.user.pk)
    return made


def silo_of(person: Person, agent: Agent) -> Silo:
    return open_silo(actor=person.actor, agent=agent, permission=Permission.CONVERSATION_CREATE)


def extracted(person: Person, agent: Agent, document: str) -> str:
    with silo_of(person, agent).reading() as reader:
        record = reader.get(Table.TEXT, id_bytes(document))
        assert record is not None
        return ExtractedDocument.from_bytes(record.content).text


def working(person: Person, agent: Agent, document: str) -> str:
    with silo_of(person, agent).reading() as reader:
        return read_mask(reader, document).applied(extracted(person, agent, document))


def cited(person: Person, agent: Agent, question: str) -> list[Citation]:
    events = ask(actor=person.actor, agent=agent, question=question)
    return [one for event in events if isinstance(event, Said) for one in event.sentence.citations]


@pytest.mark.parametrize(
    "question",
    [
        "Which key does Margaret Holloway keep?",
        "Which key does Holloway keep?",
        "which key does holloway keep",
        "which key does margaret holloway keep",
        "What is Holloway's key?",
        "MARGARET HOLLOWAY: which key?",
    ],
)
def test_every_form_of_a_name_finds_the_passage(question: str, alice: Person, carol: Person, staff: Agent) -> None:
    document = add(alice, staff, "staff.md", LETTER)
    assert any("keeps the key" in one.quote and "Holloway" in one.quote for one in cited(alice, staff, question))
    for person, text in ((alice, extracted), (carol, working)):
        found = cited(person, staff, question)
        assert found
        for one in found:
            assert text(alice, staff, document)[one.start : one.end] == one.quote
    assert "Holloway" not in working(alice, staff, document)


@pytest.mark.parametrize(
    "name", ["der Schreibtisch von Krautwurst", "Krautwursts Schreibtisch", "krautwursts Schreibtisch"]
)
def test_a_german_genitive_is_the_same_person(name: str, alice: Person, staff: Agent) -> None:
    document = add(alice, staff, "personal.md", BRIEF.encode())
    assert "Krautwurst" not in working(alice, staff, document)
    assert any("zweiten Stock" in one for one in said(alice, staff, f"Wo steht {name}?"))


def test_the_question_is_stored_as_typed_and_as_searched(alice: Person, carol: Person, staff: Agent) -> None:
    add(alice, staff, "staff.md", LETTER)
    started = next(iter(ask(actor=carol.actor, agent=staff, question="what does holloway keep?")))
    assert isinstance(started, Started)
    assert started.question.text == started.question.searched_for == "what does holloway keep?"
    with silo_of(carol, staff).reading() as reader:
        (record,) = reader.records(Table.MESSAGE)
    message = Message.from_record(record)
    (pair,) = message.pairs.items()
    assert message.question == "what does holloway keep?"
    assert message.asked == message.searched_for == f"what does {pair[0]} keep?"
    assert pair[1] == "holloway"


def test_a_follow_up_is_told_in_the_words_each_may_read(alice: Person, carol: Person, staff: Agent) -> None:
    add(alice, staff, "staff.md", LETTER)

    def searched(person: Person) -> str:
        (first,) = only(stream(person, staff, "Where is Holloway's desk?"), "question")
        (then,) = only(stream(person, staff, "And Pemberton's?", conversation=first["conversation"]), "question")
        return str(then["searched_for"])

    assert "Pemberton" in searched(alice)
    assert "Pemberton" not in searched(carol)


def test_records_of_older_conversations_open(alice: Person, staff: Agent) -> None:
    add(alice, staff, "staff.md", LETTER)
    list(ask(actor=alice.actor, agent=staff, question="Who feeds the owls at night?"))
    with silo_of(alice, staff).reading() as reader:
        (record,) = reader.records(Table.MESSAGE)
    fields = json.loads(record.content)
    for new in ("working", "pairs", "masking"):
        del fields[new]
    older = Message.from_record(replace(record, content=json.dumps(fields).encode()))
    assert older.asked == older.question
    assert not older.pairs


def test_a_contact_keeps_its_name(alice: Person, carol: Person, staff: Agent) -> None:
    contacts = Selection(contacts=("Margaret Holloway", "Holloway"))
    change_masking(actor=alice.actor, agent=staff, rules=MaskingRules(MaskingMode.STAND_INS, contacts))
    add(alice, staff, "staff.md", LETTER)
    assert any("Margaret Holloway keeps" in one for one in said(carol, staff, "Which key does Margaret Holloway keep?"))
    assert any("Holloway" in one for one in said(carol, staff, "Where is Holloway's desk?"))
    owls = " ".join(said(carol, staff, "Who feeds the owls at night?"))
    assert "owls" in owls
    assert "Pemberton" not in owls


def test_what_is_masked_for_good_names_nobody(alice: Person, staff: Agent) -> None:
    change_masking(actor=alice.actor, agent=staff, rules=MaskingRules(MaskingMode.MASK))
    document = add(alice, staff, "Margaret Holloway.md", LETTER)
    found = cited(alice, staff, "Where is Holloway's desk?")
    assert found
    opened = open_document(alice.actor, staff, document)
    assert all(opened.text.text[one.start : one.end] == one.quote for one in found)
    assert "[PERSON]" in opened.text.text
    assert "olloway" not in opened.text.text + opened.document.name
    assert not opened.has_original


def test_a_bare_name_asks_for_the_people_of_what_is_masked_for_good(alice: Person, staff: Agent) -> None:
    """The detector takes it for a street, which it is not in the document."""
    change_masking(actor=alice.actor, agent=staff, rules=MaskingRules(MaskingMode.MASK))
    add(alice, staff, "staff.md", LETTER)
    masker = Masker(alice.actor, staff, masking(alice.actor, staff, silo_of(alice, staff)))
    for question in ("Margaret Holloway", "margaret holloway", "Subject: Margaret Holloway"):
        assert "[PERSON]" in masker.searched(question).searched_for


def test_answers_given_before_a_change_still_say_their_words(alice: Person, carol: Person, staff: Agent) -> None:
    add(alice, staff, "staff.md", LETTER)
    started = next(iter(events := ask(actor=alice.actor, agent=staff, question="Where is Holloway's desk?")))
    list(events)
    assert isinstance(started, Started)

    def quotes() -> list[str]:
        (turn,) = conversation(alice.actor, staff, started.conversation).turns
        assert [one.text for one in turn.sentences if one.text]
        return [one.quote for one in turn.citations]

    before = quotes()
    assert "Holloway's desk is on the second floor." in before
    for mode in (MaskingMode.OFF, MaskingMode.STAND_INS):
        change_masking(actor=alice.actor, agent=staff, rules=MaskingRules(mode))
        run_due()
        assert quotes() == before
    change_masking(actor=alice.actor, agent=staff, rules=MaskingRules(MaskingMode.MASK))
    run_due()
    assert "[PERSON]'s desk is on the second floor." in quotes()
