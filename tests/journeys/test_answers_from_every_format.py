"""The main job for a file of every format: in, read behind the walls, asked, cited at its exact place."""

import pytest

from muniment.agents.services import create_agent
from muniment.chat.services import ask
from muniment.chat.types import Said
from muniment.ingest.documents import DocumentState
from muniment.ingest.selectors import documents, open_document
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from tests.cast import Person
from tests.ingest.samples import QUESTION, SAMPLES


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", SAMPLES)
def test_an_answer_cites_it(name: str, alice: Person) -> None:
    agent = create_agent(actor=alice.actor, name="Hospital")
    added = add_document(actor=alice.actor, agent=agent, name=name, source=[SAMPLES[name]])
    run_due()
    state = {one.id: (one.state, one.error) for one in documents(alice.actor, agent)}
    assert state[added.document] == (DocumentState.LIVE, "")  # a mail's attachment is a document of its own
    events = list(ask(actor=alice.actor, agent=agent, question=QUESTION))
    cited = [citation for event in events if isinstance(event, Said) for citation in event.sentence.citations]
    text = open_document(alice.actor, agent, added.document).text.text
    assert any("two euros per hour" in citation.quote for citation in cited)
    assert all(text[citation.start : citation.end] == citation.quote for citation in cited)
