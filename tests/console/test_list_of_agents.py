"""The list of agents is searched, filtered and sorted; it shows what the role, a grant, or owning reaches."""

import re

import pytest

from muniment.agents.services import create_agent, grant_agent
from tests.cast import Person


@pytest.fixture
def some(alice: Person, bob: Person) -> None:
    charter = create_agent(actor=alice.actor, name="Übersicht Charter")
    create_agent(actor=bob.actor, name="Annals")
    create_agent(actor=bob.actor, name="Bob's diary", personal=True)
    grant_agent(actor=alice.actor, agent=charter, user=bob.user.pk)


def names(person: Person, address: str) -> list[str]:
    page = person.client.get(address).content.decode()
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [name.replace("&#x27;", "'") for name in re.findall(r'<a href="/agents/\w{26}">([^<]+)</a>', table)]


@pytest.mark.usefixtures("some")
def test_filtered_and_sorted(bob: Person, alice: Person) -> None:
    assert names(bob, "/agents") == ["Bob's diary", "Annals", "Übersicht Charter"]
    assert names(bob, "/agents?sort=name") == ["Annals", "Bob's diary", "Übersicht Charter"]
    assert names(bob, "/agents?whose=own") == ["Bob's diary", "Annals"]
    assert names(bob, "/agents?whose=granted") == ["Übersicht Charter"]
    assert names(bob, "/agents?whose=personal") == ["Bob's diary"]
    assert names(alice, "/agents?whose=team") == ["Annals", "Übersicht Charter"]
    assert names(bob, "/agents?whose=nonsense&sort=nonsense") == ["Bob's diary", "Annals", "Übersicht Charter"]


@pytest.mark.usefixtures("some")
def test_searched_without_the_words_in_the_address(bob: Person) -> None:
    address = bob.client.post("/agents", {"q": "übersicht"}).headers["Location"]
    assert "bersicht" not in address
    assert names(bob, address) == ["Übersicht Charter"]
    nothing = bob.client.post("/agents", {"q": "zebra"}).headers["Location"]
    assert "No agent found" in bob.client.get(nothing).content.decode()
