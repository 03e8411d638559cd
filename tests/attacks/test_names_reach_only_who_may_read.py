"""Attacker: Carol, who may ask an agent and not read its documents; and whoever holds another agent.

Move: asks for a person by every form of the name, by follow-ups, by the stand-in itself; opens the document at every
address of the viewer, its pages as pictures, and her conversations again after what is masked was changed; asks while
documents still wait to be masked. Compares the stand-ins of two agents; opens what was masked with another's keys.

Guarantee: G-93 to G-95. By no route does she receive a name that a document holds. Bob, who may read it, does.
"""

import json
from dataclasses import replace

import pytest

from muniment.agents.models import Agent
from muniment.agents.selectors import masking_rules
from muniment.agents.services import create_agent, grant_agent, open_silo
from muniment.agents.types import MaskingMode, MaskingRules
from muniment.chat.errors import MaskedMeanwhileError
from muniment.chat.services import ask as ask_agent
from muniment.chat.types import Said
from muniment.core.permissions import Permission
from muniment.crypto.types import KeyKind
from muniment.ingest.documents import Document
from muniment.ingest.masking import read_mask
from muniment.ingest.selectors import documents
from muniment.ingest.services import change_masking
from muniment.jobs.services import run_due
from muniment.pii.types import Selection
from muniment.silo.errors import SiloCorruptedError
from muniment.silo.sealed import Silo
from muniment.silo.types import Table
from tests.cast import Person
from tests.chat.conftest import add, ask, said, stream
from tests.chat.pdf import pdf

pytestmark = pytest.mark.django_db(transaction=True)
LETTER = b"""# Payroll of Margaret Holloway

Ms Margaret Holloway earns 4200 euros per month. Holloway's parking space is number seventeen.

# Canteen

Soup is served at noon. The canteen is next to the garden.
"""
NAMES = ("margaret", "holloway")
QUESTIONS = (
    "What does Margaret Holloway earn per month?",
    "What does Holloway earn?",
    "what does holloway earn",
    "Which is Holloway's parking space?",
    "Which number has the parking space of margaret holloway?",
)


@pytest.fixture
def hers(alice: Person, carol: Person) -> Agent:
    """An agent that Carol may ask, with a letter of a file name that names somebody."""
    made = create_agent(actor=alice.actor, name="Payroll")
    grant_agent(actor=alice.actor, agent=made, user=carol.user.pk)
    add(alice, made, "Margaret Holloway.md", LETTER)
    return made


def reads_no_name(text: str, typed: str = "") -> bool:
    """Whether no name stands in it but those that she typed herself, where her question is shown."""
    text = text.replace(typed, "") if typed else text
    return not any(name in text.lower() for name in NAMES)


def silo(person: Person, agent: Agent) -> Silo:
    return open_silo(actor=person.actor, agent=agent, permission=Permission.DOCUMENT_VIEW)


def conversation_page(person: Person, agent: Agent, question: str) -> str:
    """Everything the page of a conversation is made of, and the page."""
    response = person.client.get(ask(person, agent, question).partition("#")[0])
    page = response.content.decode()
    turns = json.dumps(response.context["turns"], default=str)
    assert response.context["turns"][0]["state"] == "answered", turns
    return page + turns


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_names_nobody(question: str, bob: Person, carol: Person, hers: Agent) -> None:
    told = json.dumps(stream(carol, hers, question))
    assert "4200" in told or "seventeen" in told
    assert reads_no_name(told)
    assert reads_no_name(conversation_page(carol, hers, question).replace("&#x27;", "'"), typed=question)
    assert "Holloway" in json.dumps(stream(bob, hers, question))


def test_a_follow_up_names_nobody(bob: Person, carol: Person, hers: Agent) -> None:
    def asked(person: Person) -> str:
        first = stream(person, hers, "What does Holloway earn?")
        inside = next(data["conversation"] for name, data in first if name == "question")
        return json.dumps(stream(person, hers, "And her parking space?", conversation=inside))

    assert reads_no_name(asked(carol))
    assert "Holloway" in asked(bob)


def test_the_stand_in_answers_in_stand_ins(bob: Person, carol: Person, hers: Agent) -> None:
    surname = next(stand_in for stand_in, words in _mask(bob, hers).items() if words == "Holloway")
    answer = " ".join(said(carol, hers, f"What does {surname} earn per month?"))
    assert "4200" in answer
    assert surname in answer
    assert reads_no_name(answer)


def _mask(person: Person, agent: Agent) -> dict[str, str]:
    with silo(person, agent).reading() as reader:
        return read_mask(reader, document_of(person, agent)).pairs()


@pytest.mark.parametrize("query", ["", "?at=0-40", "?at=10-90&zoom=200", "?page=1", "?page=2&zoom=50", "?at=0-999999"])
def test_the_viewer_names_nobody(query: str, bob: Person, carol: Person, hers: Agent) -> None:
    (document,) = documents(bob.actor, hers)
    address = f"{hers.url}/documents/{document.id}{query}"
    page = carol.client.get(address)
    assert "4200 euros" in page.content.decode()
    assert reads_no_name(page.content.decode())
    assert "Holloway" in bob.client.get(address).content.decode()


def test_pages_are_no_pictures(alice: Person, bob: Person, carol: Person, hers: Agent) -> None:
    document = add(alice, hers, "page.pdf", pdf([["Ms Margaret Holloway earns 4200 euros per month."]]))
    address = f"{hers.url}/documents/{document}"
    for picture in ("pages/1", "pages/1?scale=4.0"):
        assert carol.client.get(f"{address}/{picture}").status_code == 404
        assert bob.client.get(f"{address}/{picture}").status_code == 200
    page = carol.client.get(address)
    assert "sheets" not in page.context
    assert "4200 euros" in page.content.decode()
    assert reads_no_name(page.content.decode())
    assert bob.client.get(address).context["sheets"]


def test_a_refusal_names_nobody(bob: Person, carol: Person, hers: Agent) -> None:
    question = "Which football club does the parking space prefer?"
    heard = stream(carol, hers, question)
    assert reads_no_name(json.dumps(heard))
    assert [name for name, _ in heard if name == "passages"]
    page = carol.client.get(ask(carol, hers, question).partition("#")[0]).content.decode()
    assert reads_no_name(page)
    assert "Holloway" in json.dumps(stream(bob, hers, question))


def test_while_documents_wait_they_are_not_there(alice: Person, bob: Person, carol: Person) -> None:
    agent = create_agent(actor=alice.actor, name="Payroll", masking=MaskingMode.OFF)
    grant_agent(actor=alice.actor, agent=agent, user=carol.user.pk)
    document = add(alice, agent, "Margaret Holloway.md", LETTER)
    before = ask(carol, agent, "What does Holloway earn?").partition("#")[0]
    assert "Holloway earns" in carol.client.get(before).content.decode()
    change_masking(actor=alice.actor, agent=agent, rules=MaskingRules(MaskingMode.STAND_INS))
    assert said(carol, agent, "What does Holloway earn?") == []
    waiting = carol.client.get(f"{agent.url}/documents/{document}")
    assert waiting.status_code == 503
    assert reads_no_name(waiting.content.decode())
    assert reads_no_name(carol.client.get(before).content.decode(), typed="What does Holloway earn?")
    assert "Holloway earns" in bob.client.get(f"{agent.url}/documents/{document}").content.decode()
    assert "Holloway" in " ".join(said(bob, agent, "What does Holloway earn?"))
    run_due()
    again = carol.client.get(before).content.decode()
    assert "4200 euros" in again
    assert reads_no_name(again, typed="What does Holloway earn?")
    assert "4200" in " ".join(said(carol, agent, "What does Holloway earn?"))


def test_what_waits_takes_no_place_of_what_is_ready(alice: Person, carol: Person, hers: Agent) -> None:
    """The documents that wait are better hits than the one that is ready, and many."""
    with silo(alice, hers).writing() as writer:
        for record in list(writer.records(Table.DOCUMENT)):
            found = Document.from_record(record)
            writer.put(Table.DOCUMENT, [replace(found, masking="another").to_record()])
    add(alice, hers, "other.md", b"Somebody else earns 5100 euros per month, it is said.")
    answer = " ".join(said(carol, hers, "What does somebody else earn per month?"))
    assert "5100" in answer
    assert "4200" not in answer


def test_masking_that_changes_under_way_ends_the_answer(alice: Person, bob: Person, carol: Person) -> None:
    agent = create_agent(actor=alice.actor, name="Payroll", masking=MaskingMode.OFF)
    grant_agent(actor=alice.actor, agent=agent, user=carol.user.pk)
    add(alice, agent, "letter.md", LETTER)

    def heard(person: Person) -> list[str]:
        """The sentences said after masking was switched on behind the question."""
        change_masking(actor=alice.actor, agent=agent, rules=MaskingRules())
        run_due()
        events = ask_agent(actor=person.actor, agent=agent, question="What does Holloway earn?")
        next(events)
        next(events)
        change_masking(actor=alice.actor, agent=agent, rules=MaskingRules(MaskingMode.STAND_INS))
        return [event.sentence.text for event in events if isinstance(event, Said)]

    with pytest.raises(MaskedMeanwhileError):
        heard(carol)
    assert "Holloway" in " ".join(heard(bob))


def test_conversations_after_a_change_name_nobody(alice: Person, bob: Person, carol: Person, hers: Agent) -> None:
    question = "Which is the parking space?"
    his, her_own = (ask(person, hers, question).partition("#")[0] for person in (bob, carol))
    rules = masking_rules(alice.actor, hers, silo(alice, hers))
    words = Selection(classes=rules.selection.classes, terms=("seventeen",))
    change_masking(actor=alice.actor, agent=hers, rules=MaskingRules(MaskingMode.STAND_INS, words))
    for _ in range(2):  # before and after the documents were masked again
        assert "seventeen" not in carol.client.get(her_own).content.decode()
        assert reads_no_name(carol.client.get(her_own).content.decode())
        shown = bob.client.get(his).content.decode()
        assert "Holloway&#x27;s parking space is number seventeen." in shown
        run_due()
    assert "CUSTOM-" in carol.client.get(her_own).content.decode()


def test_two_agents_know_one_person_by_nothing_alike(alice: Person, bob: Person, hers: Agent) -> None:
    other = create_agent(actor=alice.actor, name="Other")
    add(alice, other, "Margaret Holloway.md", LETTER)
    one, two = _mask(bob, hers), _mask(bob, other)
    assert set(one.values()) == set(two.values())
    assert not {word.lower() for word in one} & {word.lower() for word in two}
    mine, its = silo(alice, hers), silo(alice, other)
    with mine.engine.reading() as reader:
        (row,) = reader.rows(Table.MASK)
    keys = {
        one: one.keyring.open(one.key(KeyKind.DOCUMENT, document_of(alice, agent)))
        for one, agent in ((mine, hers), (its, other))
    }
    assert b"Holloway" in mine.unsealed(keys[mine], row.body, Table.MASK, row.id.hex())
    for there, key in ((mine, keys[its]), (its, keys[mine]), (its, keys[its])):
        with pytest.raises(SiloCorruptedError):
            there.unsealed(key, row.body, Table.MASK, row.id.hex())


def document_of(person: Person, agent: Agent) -> str:
    (document,) = documents(person.actor, agent)
    return document.id
