"""The rules change while documents are live or on their way: each ends in the index once, masked by the last rules."""

from collections.abc import Callable

import pytest

from muniment.agents.models import Agent
from muniment.agents.selectors import masking
from muniment.agents.services import create_agent, open_silo
from muniment.agents.types import MaskingMode, MaskingRules
from muniment.core.errors import PermanentError
from muniment.core.ids import id_bytes
from muniment.core.permissions import Permission
from muniment.ingest import pipeline
from muniment.ingest.documents import Document, DocumentState
from muniment.ingest.masked import masked_in, masked_sums, masking_cost, masking_state
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document, change_masking, delete_documents, retry_documents
from muniment.jobs.services import run_due
from muniment.pii.types import PiiClass, Selection
from muniment.retrieval.writing import segment_from
from muniment.silo.sealed import Silo
from muniment.silo.services import originals
from muniment.silo.types import Table
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
Hook = Callable[[str], None]
STAND_INS, MASK, OFF = (
    MaskingRules(MaskingMode.STAND_INS),
    MaskingRules(MaskingMode.MASK),
    MaskingRules(MaskingMode.OFF),
)
NIGHTJAR = MaskingRules(MaskingMode.STAND_INS, Selection(terms=("Nightjar",)))
NAMES = ("Margaret Holloway", "Priya Raman", "Tobias Lindqvist")


@pytest.fixture
def agent(alice: Person) -> Agent:
    """It masks nothing, and holds three letters, each with a name."""
    made = create_agent(actor=alice.actor, name="Museum", masking=MaskingMode.OFF)
    for name in NAMES:
        add(alice, made, f"{name.split()[1]}.txt", f"Dear Dr. {name},\n\nproject Nightjar begins in the third room.\n")
    run_due()
    return made


@pytest.fixture
def silo(alice: Person, agent: Agent) -> Silo:
    return open_silo(actor=alice.actor, agent=agent, permission=Permission.AGENT_UPDATE)


@pytest.fixture
def on_the_way(monkeypatch: pytest.MonkeyPatch) -> Callable[[Hook], None]:
    """Has something done between the masking of a document and its commit, told the document's text."""
    hide = pipeline.hide

    def planted(hook: Hook) -> None:
        def hooked(text: object, **named: object) -> object:
            hidden = hide(text, **named)  # type: ignore[arg-type]
            hook(text.text)  # type: ignore[attr-defined]
            return hidden

        monkeypatch.setattr(pipeline, "hide", hooked)

    return planted


def add(person: Person, agent: Agent, name: str, text: str) -> str:
    return add_document(actor=person.actor, agent=agent, name=name, source=[text.encode()]).document


def change(person: Person, agent: Agent, rules: MaskingRules) -> int:
    return change_masking(actor=person.actor, agent=agent, rules=rules)


def indexed(silo: Silo) -> bytes:
    """All segments in clear, after a look at their order: each chunk stands once, in each kind of segment."""
    with silo.reading() as reader:
        chunks = sorted(int.from_bytes(row, "big") for row in reader.ids(Table.CHUNK))
        found: dict[str, list[int]] = {}
        everything = b""
        for info in reader.segments():
            content = reader.segment(info.id)
            assert content is not None
            found.setdefault(info.label, []).extend(map(int, segment_from(info.label, content).numbers))
            everything += content
        assert reader.count(Table.AGAIN) == reader.count(Table.QUEUE) == 0
    assert sorted(found["vectors"]) == chunks
    words = [number for label, numbers in found.items() if label != "vectors" for number in numbers]
    assert sorted(words) == chunks
    return everything


def live(person: Person, agent: Agent) -> list[Document]:
    return [one for one in documents(person.actor, agent) if one.state is DocumentState.LIVE]


def test_turning_it_on_takes_the_names_out_of_the_index(alice: Person, agent: Agent, silo: Silo) -> None:
    assert b"holloway" in indexed(silo)
    with silo.reading() as reader:
        before = [info.id for info in reader.segments()]
    assert change(alice, agent, STAND_INS) == 3
    state = masking_state(alice.actor, agent)
    assert (state.again, state.done, state.live) == (3, 0, 3)
    run_due()
    assert b"holloway" not in indexed(silo)
    with silo.reading() as reader:
        assert not set(before) & {info.id for info in reader.segments()}
    assert masking_state(alice.actor, agent).again == 0
    assert {one.masking for one in live(alice, agent)} == {masking(alice.actor, agent, silo).stamp}
    assert masked_sums(alice.actor, agent).items == {PiiClass.PERSON: 3}


def test_turning_it_off_brings_them_back(alice: Person, agent: Agent, silo: Silo) -> None:
    change(alice, agent, STAND_INS)
    run_due()
    assert change(alice, agent, OFF) == 3
    run_due()
    assert b"holloway" in indexed(silo)
    assert not masked_sums(alice.actor, agent).items
    with silo.reading() as reader:
        assert reader.count(Table.MASK) == 0


def test_the_same_rules_again_cost_nothing(alice: Person, agent: Agent) -> None:
    change(alice, agent, STAND_INS)
    run_due()
    assert change(alice, agent, STAND_INS) == 0
    assert masking_cost(alice.actor, agent, STAND_INS).documents == 0


def test_what_it_takes_is_known_before(alice: Person, agent: Agent, silo: Silo) -> None:
    cost = masking_cost(alice.actor, agent, STAND_INS)
    words = sum(one.words for one in live(alice, agent))
    assert (cost.documents, cost.words, cost.pieces, cost.live) == (3, words, 3, 3)
    assert cost.seconds > 0
    assert (cost.for_good, cost.beyond) == (0, 0)
    first = live(alice, agent)[0]
    originals(silo).remove(first.id)
    assert masking_cost(alice.actor, agent, MASK).for_good == 1
    change(alice, agent, MASK)
    run_due()
    assert masking_cost(alice.actor, agent, OFF).beyond == 1
    assert masking_state(alice.actor, agent).again == 0


def test_rules_that_change_while_documents_are_on_their_way(
    alice: Person, agent: Agent, silo: Silo, on_the_way: Callable[[Hook], None]
) -> None:
    waiting = [NIGHTJAR]
    on_the_way(lambda _: [change(alice, agent, rules) for rules in [waiting.pop() for _ in waiting[:1]]] and None)
    change(alice, agent, STAND_INS)
    add(alice, agent, "new.txt", "Dear Dr. Amara Okafor, project Nightjar ends.")
    run_due()
    assert not waiting
    assert {one.masking for one in live(alice, agent)} == {masking(alice.actor, agent, silo).stamp}
    found = indexed(silo)
    assert len(live(alice, agent)) == 4
    for word in (b"nightjar", b"holloway", b"okafor", b"raman"):
        assert word not in found


def test_a_document_that_is_deleted_on_its_way_leaves_nothing(
    alice: Person, agent: Agent, silo: Silo, on_the_way: Callable[[Hook], None]
) -> None:
    gone = next(one.id for one in live(alice, agent) if one.name == "Holloway.txt")

    def delete(text: str) -> None:
        if "Holloway" in text:
            delete_documents(actor=alice.actor, agent=agent, documents=[gone])

    on_the_way(delete)
    change(alice, agent, STAND_INS)
    run_due()
    indexed(silo)
    assert len(documents(alice.actor, agent)) == 2
    with silo.reading() as reader:
        assert reader.count(Table.MASK) == reader.count(Table.TEXT) == 2


def test_one_that_cannot_be_masked_anew_stays_as_it_was_and_says_why(
    alice: Person, agent: Agent, silo: Silo, on_the_way: Callable[[Hook], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(text: str) -> None:
        if "Raman" in text:
            raise PermanentError("This one cannot be masked.")

    on_the_way(fail)
    change(alice, agent, STAND_INS)
    run_due()
    found = {one.name: one for one in live(alice, agent)}
    assert found["Raman.txt"].error == "This one cannot be masked."
    assert found["Raman.txt"].masking == ""
    assert masked_sums(alice.actor, agent).failed == 1
    assert b"raman" in indexed(silo)
    assert not masked_in(alice.actor, agent, found["Raman.txt"].id).is_current
    monkeypatch.undo()
    assert retry_documents(actor=alice.actor, agent=agent, documents=[found["Raman.txt"].id]) == 1
    run_due()
    assert masked_sums(alice.actor, agent).failed == 0
    assert b"raman" not in indexed(silo)


def test_masked_for_good_is_in_no_record_but_the_file(alice: Person, agent: Agent, silo: Silo) -> None:
    change(alice, agent, MASK)
    run_due()
    with silo.reading() as reader:
        kept = [
            record.content for table in (Table.DOCUMENT, Table.TEXT, Table.MASK) for record in reader.records(table)
        ]
    assert kept
    assert not any(b"olloway" in content for content in [*kept, indexed(silo)])
    one = live(alice, agent)[0]
    told = masked_in(alice.actor, agent, one.id)
    assert (told.is_for_good, told.words) == (True, ())
    change(alice, agent, OFF)
    run_due()
    assert b"holloway" in indexed(silo)  # the file is kept, and was read again


def test_a_listed_word_and_a_wrong_find_count_in_documents(alice: Person, agent: Agent, silo: Silo) -> None:
    chosen = Selection(listed=(("third room", PiiClass.PLACE),), never=("Priya Raman",))
    change(alice, agent, MaskingRules(MaskingMode.STAND_INS, chosen))
    run_due()
    found = indexed(silo)
    assert b"raman" in found
    assert b"holloway" not in found
    assert masked_sums(alice.actor, agent).items == {PiiClass.PERSON: 2, PiiClass.PLACE: 3}


def test_each_waits_once(alice: Person, agent: Agent, silo: Silo) -> None:
    for rules in (STAND_INS, NIGHTJAR, MASK):
        assert change(alice, agent, rules) == 3
    with silo.reading() as reader:
        assert reader.count(Table.AGAIN) == 3
        assert reader.groups(Table.AGAIN) == {id_bytes(one.id) for one in live(alice, agent)}
