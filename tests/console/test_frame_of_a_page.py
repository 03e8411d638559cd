"""The frame shows what a person may open; an agent that is damaged says so on its own page, and nowhere else."""

import re

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, grant_agent
from muniment.ingest.services import add_document
from muniment.silo.services import close_all, location
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def charter(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Charter")


def tabs(page: bytes) -> list[str]:
    (found,) = re.findall(r'<nav class="tabs".*?</nav>', page.decode(), re.DOTALL)
    return re.findall(r'<a href="[^"]*"(?: aria-current="page")?>([^<]+)', found)


def test_tabs_are_those_the_role_may_open(alice: Person, bob: Person, carol: Person, charter: Agent) -> None:
    grant_agent(actor=alice.actor, agent=charter, user=carol.user.pk)
    everything = ["Ask", "Knowledge", "Character", "Safety", "Share", "Settings"]
    for person in (alice, bob):
        assert tabs(person.client.get(f"{charter.url}/safety").content) == everything
    assert tabs(carol.client.get(f"{charter.url}/safety").content) == ["Ask", "Safety"]


def test_the_open_page_is_marked(alice: Person, charter: Agent) -> None:
    page = alice.client.get(f"{charter.url}/character").content.decode()
    assert f'<a href="{charter.url}/character" aria-current="page">Character' in page
    assert '<a href="/agents" title="Agents" aria-current="page">' in page
    assert page.count('aria-current="page"') == 3  # tab, rail, breadcrumb


def test_the_state_and_the_count_are_the_silos(alice: Person, charter: Agent) -> None:
    assert "No documents yet" in alice.client.get(f"{charter.url}/safety").content.decode()
    add_document(actor=alice.actor, agent=charter, name="a.txt", source=[b"a"])
    page = alice.client.get(f"{charter.url}/safety").content.decode()
    assert "Taking in documents" in page
    assert 'Knowledge<span class="tabs-count" id="knowledge-count">1</span>' in page


def test_a_damaged_silo_is_told_by_its_own_agent_alone(alice: Person, charter: Agent) -> None:
    create_agent(actor=alice.actor, name="Sound")
    close_all()
    location(charter.silo).write_bytes(b"damaged" * 4096)
    page = alice.client.get("/agents").content.decode()
    assert page.count("Cannot be opened") == 2  # the wide and the narrow form of one row
    assert page.count("No documents yet") == 2
    assert "Cannot be opened" in alice.client.get(f"{charter.url}/safety").content.decode()


def test_rail_and_list_are_empty_handed_without_a_team(alice: Person, carol: Person) -> None:
    page = carol.client.get("/agents").content.decode()
    assert "No agent is shared with you yet" in page
    assert "New agent" not in page
    assert "New agent" in alice.client.get("/agents").content.decode()
