"""G-22: a conversation is its asker's own; an agent and its documents are there for who may ask it, in any address."""

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, grant_agent
from muniment.ingest.selectors import documents
from tests.cast import Person
from tests.chat.conftest import PARKING, ask


@pytest.fixture
def talk(alice: Person, agent: Agent) -> str:
    return ask(alice, agent, PARKING).partition("#")[0]


def _addresses(alice: Person, agent: Agent, talk: str) -> list[tuple[str, str, dict[str, str]]]:
    """Every door of this room to something of Alice's: method, address, fields."""
    (turn,) = alice.client.get(talk).context["turns"]
    conversation = talk.rpartition("/")[2]
    return [
        ("GET", talk, {}),
        ("POST", f"{talk}/rename", {"title": "Mine now"}),
        ("POST", f"{talk}/delete", {}),
        ("POST", f"{agent.url}/ask", {"question": PARKING, "conversation": conversation}),
        ("POST", f"{agent.url}/feedback", {"message": turn["id"], "verdict": "up"}),
    ]


def _status(person: Person, method: str, address: str, fields: dict[str, str]) -> int:
    send = person.client.get if method == "GET" else person.client.post
    return int(send(address, fields).status_code)


def test_a_colleague_is_told_that_it_is_not_there(alice: Person, bob: Person, agent: Agent, talk: str) -> None:
    addresses = _addresses(alice, agent, talk)
    assert [_status(bob, *each) for each in addresses] == [404] * len(addresses)
    assert list(bob.client.get("/conversations").context["talks"]) == []
    assert bob.client.get(agent.url).context["talks"] == []
    assert [_status(alice, *each) for each in addresses[:2]] == [200, 302]
    assert bob.client.get(agent.url).status_code == 200


def test_a_stranger_to_the_team_finds_nothing_at_any_address(
    alice: Person, mallory: Person, agent: Agent, talk: str
) -> None:
    (document,) = documents(alice.actor, agent)
    addresses = _addresses(alice, agent, talk)
    addresses += [
        ("GET", agent.url, {}),
        ("POST", f"{agent.url}/ask", {"question": PARKING}),
        ("GET", f"{agent.url}/documents/{document.id}", {}),
        ("GET", f"{agent.url}/documents/{document.id}/pages/1", {}),
    ]
    assert [_status(mallory, *each) for each in addresses] == [404] * len(addresses)
    own = create_agent(actor=mallory.actor, name="Hers")
    foreign = [(method, address.replace(agent.id, own.id), fields) for method, address, fields in addresses]
    refused = [each for each in foreign if each[1] not in {own.url, f"{own.url}/ask"} or "conversation" in each[2]]
    assert [_status(mallory, *each) for each in refused] == [404] * len(refused)
    assert _status(alice, "GET", f"{agent.url}/documents/{document.id}", {}) == 200


def test_a_chat_only_member_asks_the_agents_granted_to_her(alice: Person, carol: Person, agent: Agent) -> None:
    (document,) = documents(alice.actor, agent)
    places = [agent.url, f"{agent.url}/documents/{document.id}"]
    assert [carol.client.get(place).status_code for place in places] == [404, 404]
    grant_agent(actor=alice.actor, agent=agent, user=carol.user.pk)
    assert [carol.client.get(place).status_code for place in places] == [200, 200]
    page = carol.client.get(ask(carol, agent, PARKING))
    assert "two euros per hour" in page.context["turns"][0]["html"]


def test_a_document_of_one_agent_is_not_found_under_another(alice: Person, agent: Agent) -> None:
    (document,) = documents(alice.actor, agent)
    other = create_agent(actor=alice.actor, name="Other")
    assert alice.client.get(f"{other.url}/documents/{document.id}").status_code == 404
    assert alice.client.get(f"{agent.url}/documents/{document.id}").status_code == 200


@pytest.mark.parametrize("id_", ["x", "A" * 26, "..", "a" * 25 + "é"])
def test_what_is_no_id_names_nothing(alice: Person, agent: Agent, id_: str) -> None:
    for address in (f"conversations/{id_}", f"documents/{id_}", f"documents/{id_}/pages/1"):
        assert alice.client.get(f"{agent.url}/{address}").status_code == 404
    fields = {"message": id_, "verdict": "up"}
    assert alice.client.post(f"{agent.url}/feedback", fields).status_code == 404
