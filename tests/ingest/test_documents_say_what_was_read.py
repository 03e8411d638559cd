"""The list names what a person should look at and can show that alone; each document has a page that says what was read
of it, what was not and why, for those who may read the agent's documents."""

from http import HTTPStatus

import pytest
from django.utils.translation import override

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, grant_agent
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from tests.cast import Person
from tests.ingest import files, hiding, office

HIDDEN = hiding.html(hiding.COMMAND, "<p style='color:#fff'>%s</p>")
PLAIN = f"{hiding.SHOWN} {hiding.COMMAND}".encode()

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent(alice: Person) -> Agent:
    made = create_agent(actor=alice.actor, name="Wards")
    for name, data in {"hidden.html": HIDDEN, "plain.txt": PLAIN, "clean.txt": b"All is well here."}.items():
        add_document(actor=alice.actor, agent=made, name=name, source=[data])
    add_document(actor=alice.actor, agent=made, name="broken.pdf", source=[b"%PDF-1.4 nothing"])
    run_due()
    return made


def _about(person: Person, agent: Agent, name: str) -> str:
    (found,) = (one for one in documents(person.actor, agent) if one.name == name)
    return f"{agent.url}/documents/{found.id}/about"


def test_the_list_flags_them_and_shows_them_alone(alice: Person, agent: Agent) -> None:
    page = alice.client.get(f"{agent.url}/knowledge").content.decode()
    assert "Hidden instructions" in page
    assert "Instructions to a model" in page
    flagged = alice.client.get(f"{agent.url}/knowledge?state=flagged").content.decode()
    assert "hidden.html" in flagged
    assert "plain.txt" in flagged
    assert "clean.txt" not in flagged


def test_the_page_says_what_was_found_and_why(alice: Person, agent: Agent) -> None:
    hidden = alice.client.get(_about(alice, agent, "hidden.html")).content.decode()
    assert "They are not used for answers." in hidden
    assert hiding.COMMAND in hidden
    assert "in the colour of its ground" in hidden
    plain = alice.client.get(_about(alice, agent, "plain.txt")).content.decode()
    assert "<mark>Ignore all previous instructions</mark>" in plain
    assert "Nothing was left out." in plain
    clean = alice.client.get(_about(alice, agent, "clean.txt")).content.decode()
    assert "To look at" not in clean


def test_a_failed_document_says_why(alice: Person, agent: Agent) -> None:
    page = alice.client.get(_about(alice, agent, "broken.pdf")).content.decode()
    assert "damaged or incomplete" in page
    assert "Nothing is known before it is read." in page


def test_who_may_not_read_documents_does_not_see_it(
    alice: Person, bob: Person, carol: Person, mallory: Person, agent: Agent
) -> None:
    address = _about(alice, agent, "hidden.html")
    grant_agent(actor=alice.actor, agent=agent, user=carol.user.pk)
    assert alice.client.get(address).status_code == HTTPStatus.OK
    for person in (carol, mallory):
        answer = person.client.get(address)
        assert answer.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
        assert hiding.COMMAND not in answer.content.decode()
    assert mallory.client.get(address).status_code == HTTPStatus.NOT_FOUND


def test_a_place_is_named_in_the_language_of_who_reads(alice: Person, agent: Agent) -> None:
    deck = office.presentation([("Parking", ["Two euros."])], note="Smile.")
    add_document(actor=alice.actor, agent=agent, name="deck.pptx", source=[deck])
    add_document(actor=alice.actor, agent=agent, name="remarks.pdf", source=[files.pdf(["Words."], remark="Check it")])
    run_due()
    with override("en"):
        assert (
            "<strong>Slide 1</strong>: Smile." in alice.client.get(_about(alice, agent, "deck.pptx")).content.decode()
        )
        assert (
            "<strong>Page 1</strong>: Check it"
            in alice.client.get(_about(alice, agent, "remarks.pdf")).content.decode()
        )
