"""Thumbs and comments: kept with the answer, changed, taken back, with an event each."""

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import open_silo
from muniment.core.permissions import Permission
from tests.cast import Person
from tests.chat.conftest import PARKING, ask


@pytest.fixture
def talk(alice: Person, agent: Agent) -> str:
    return ask(alice, agent, PARKING)


def _turn(alice: Person, talk: str) -> tuple[str, str, str]:
    (turn,) = alice.client.get(talk).context["turns"]
    return turn["id"], turn["verdict"], turn["comment"]


def test_a_verdict_and_a_comment_are_kept_and_taken_back(alice: Person, agent: Agent, talk: str) -> None:
    message, verdict, _ = _turn(alice, talk)
    assert verdict == ""
    steps = [
        ({"verdict": "down"}, ("down", "")),
        ({"comment": "Wrong garage"}, ("down", "Wrong garage")),
        ({"verdict": "up"}, ("up", "Wrong garage")),
        ({"verdict": ""}, ("", "Wrong garage")),
        ({"comment": ""}, ("", "")),
    ]
    for fields, expected in steps:
        response = alice.client.post(f"{agent.url}/feedback", {"message": message, **fields})
        assert response["Location"] == talk
        assert _turn(alice, talk)[1:] == expected


def test_a_script_is_answered_with_a_status(alice: Person, agent: Agent, talk: str) -> None:
    message = _turn(alice, talk)[0]
    fields = {"message": message, "verdict": "up"}
    response = alice.client.post(f"{agent.url}/feedback", fields, headers={"Accept": "application/json"})
    assert (response.status_code, response.json()) == (200, {})
    unknown = {"message": "a" * 26, "verdict": "up"}
    response = alice.client.post(f"{agent.url}/feedback", unknown, headers={"Accept": "application/json"})
    assert response.status_code == 404


def test_each_leaves_an_event(alice: Person, agent: Agent, talk: str) -> None:
    message = _turn(alice, talk)[0]
    for verdict in ("up", ""):
        alice.client.post(f"{agent.url}/feedback", {"message": message, "verdict": verdict})
    silo = open_silo(actor=alice.actor, agent=agent, permission=Permission.AGENT_VIEW)
    with silo.engine.reading() as reader:
        bodies = [body for _, body in reader.pending_events()]
    kinds = [
        kind for body in bodies for kind in ("agent:message:rated", "agent:message:remarked") if kind.encode() in body
    ]
    assert kinds == ["agent:message:rated", "agent:message:remarked"]
