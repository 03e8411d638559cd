"""Through the whole way in: a scanned page answers with its place on the picture; its page says what was not read."""

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.ingest import selectors
from muniment.ingest.documents import Document
from muniment.ingest.sandbox.client import Sandbox
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from tests.cast import Person
from tests.ingest import pictures

pytestmark = pytest.mark.django_db(transaction=True)


def _added(alice: Person, agent: Agent, name: str, data: bytes) -> Document:
    added = add_document(actor=alice.actor, agent=agent, name=name, source=[data])
    run_due()
    (found,) = selectors.some_documents(alice.actor, agent, [added.document])
    return found


def test_a_picture_is_shown_with_the_place_marked(alice: Person) -> None:
    agent = create_agent(actor=alice.actor, name="Wards")
    found = _added(alice, agent, "sheet.png", pictures.SAMPLES["a.png"])
    assert (found.media_type, found.pages, found.pictures, found.error) == ("image/png", 1, 0, "")
    page = alice.client.get(f"{agent.url}/documents/{found.id}?at=0-7").content.decode()
    assert "<rect " in page
    drawn = alice.client.get(f"{agent.url}/documents/{found.id}/pages/1")
    assert drawn.content.startswith(b"\x89PNG")


def test_where_nothing_recognises_the_page_says_which_were_not_read(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = create_agent(actor=alice.actor, name="Wards")
    with Sandbox(recognition=pictures.NOTHING) as without:
        monkeypatch.setattr("muniment.ingest.sandbox.shared._sandboxes", [without])
        found = _added(alice, agent, "a.pdf", pictures.scanned("Typed page.", pictures.LINES, pictures.LINES))
        failed = _added(alice, agent, "b.png", pictures.SAMPLES["a.png"])
        page = alice.client.get(f"{agent.url}/documents/{found.id}/about").content.decode()
    assert found.pictures == 2
    assert "2 pages are pictures, and their words were not read: 2, 3." in page
    assert "Install tesseract on the server" in page
    assert "install tesseract" in failed.error
