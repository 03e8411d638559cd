"""Many documents of one agent do not hold up the single document of another, and none of them is lost over it."""

from collections import Counter

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.ingest.documents import DocumentState
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due, run_until
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 100


def _states(person: Person, agent: Agent) -> Counter[DocumentState]:
    return Counter(document.state for document in documents(person.actor, agent))


@pytest.mark.parametrize(
    "content", [b"The herbarium is open on Mondays.", b"\x00\x01\x02\x03"], ids=["text", "unreadable"]
)
def test_a_single_document_waits_for_a_batch_only(alice: Person, mallory: Person, content: bytes) -> None:
    large = create_agent(actor=alice.actor, name="Large")
    single = create_agent(actor=mallory.actor, name="Single")
    for number in range(MANY):
        add_document(actor=alice.actor, agent=large, name=f"{number}.txt", source=[content + str(number).encode()])
    add_document(actor=mallory.actor, agent=single, name="a.txt", source=[b"The library is open on Tuesdays."])
    run_until(lambda: _states(mallory, single)[DocumentState.LIVE] == 1)
    assert 0 < _states(alice, large)[DocumentState.QUEUED] < MANY
    run_due()
    ended = documents(alice.actor, large)
    assert {document.state for document in ended} <= {DocumentState.LIVE, DocumentState.FAILED}
    assert [document.attempts for document in ended] == [1] * MANY
