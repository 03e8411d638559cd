"""At the limit a question is not asked, stays with who typed it, and who asks is told what to do, by every door."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from muniment.agents.models import Agent
from muniment.agents.types import AtOnce
from muniment.chat.models import Conversation
from muniment.chat.services import start_conversation
from muniment.core.clock import now
from muniment.credits.errors import QueriesSpentError
from muniment.credits.types import month_after, month_of
from muniment.ingest.services import change_deletion
from muniment.teams.services import create_key
from muniment.teams.types import KEY_PRESETS, KeyDraft, KeyPreset
from tests.cast import Person
from tests.chat.conftest import only, stream
from tests.credits.conftest import PARKING, ask, asked, limit

SAID = "Your team has used all 1 answers of this month"


@pytest.fixture
def spent(alice: Person, hospital: Agent) -> Agent:
    """One answer is allowed, and was had."""
    limit(alice, queries=1)
    ask(alice, hospital, PARKING)
    return hospital


@pytest.fixture
def token(alice: Person) -> str:
    draft = KeyDraft("Key", KEY_PRESETS[KeyPreset.ALL])
    return create_key(actor=alice.actor, team=alice.team, draft=draft).token


def call(token: str, address: str, body: Any = None) -> Any:
    headers = {"authorization": f"Bearer {token}"}
    if body is None:
        return Client().get(address, headers=headers)
    return Client().post(address, json.dumps(body), content_type="application/json", headers=headers)


def project(token: str) -> str:
    return f"/api/v1/projects/{call(token, '/api/v1/projects').json()['data']['data'][0]['id']}"


def test_nothing_of_it_is_stored(alice: Person, spent: Agent) -> None:
    before = Conversation.objects.count()
    with pytest.raises(QueriesSpentError, match="this question was not asked; nothing is lost"):
        ask(alice, spent, PARKING)
    assert (Conversation.objects.count(), asked(alice)) == (before, 1)


def test_who_is_refused_is_told_when_the_month_turns(alice: Person, spent: Agent) -> None:
    turns = month_after(month_of(now()))
    with pytest.raises(QueriesSpentError) as refused:
        ask(alice, spent, PARKING)
    assert f"from {turns.day} {turns:%B %Y} on, 00:00 UTC" in str(refused.value)
    assert 0 < refused.value.after <= 31 * 24 * 3600
    assert (turns.tzinfo, turns.hour) == (UTC, 0)
    assert turns > datetime.now(tz=UTC)


def test_an_answer_to_a_raised_limit(alice: Person, spent: Agent) -> None:
    limit(alice, queries=2)
    ask(alice, spent, PARKING)
    assert asked(alice) == 2


def test_a_form_keeps_what_was_typed(alice: Person, spent: Agent) -> None:
    page = alice.client.post(f"{spent.url}/ask", {"question": "And what about bicycles?"})
    assert page.status_code == 429
    assert SAID in page.content.decode()
    assert "And what about bicycles?</textarea>" in page.content.decode()


def test_so_does_one_of_an_unkept_conversation(alice: Person, spent: Agent) -> None:
    change_deletion(actor=alice.actor, agent=spent, deletes=AtOnce(conversations=True))
    page = alice.client.post(f"{spent.url}/ask", {"question": "And what about bicycles?", "carries": ""})
    assert page.status_code == 429
    assert SAID in page.content.decode()
    assert "And what about bicycles?</textarea>" in page.content.decode()


def test_the_script_gets_the_sentence_before_anything_else(alice: Person, spent: Agent) -> None:
    events = stream(alice, spent, PARKING)  # on "error" the question goes back into the box: static/ask.js
    assert [name for name, _ in events] == ["status", "error"]
    assert SAID in only(events, "error")[0]["sentence"]


def test_openai_clients_get_429_and_are_not_to_try_again(spent: Agent, token: str) -> None:
    body = {"model": spent.pk, "messages": [{"role": "user", "content": PARKING}]}
    for streams in (False, True):
        got = call(token, "/v1/chat/completions", body | {"stream": streams})
        assert got.status_code == 429
        assert SAID in got.json()["error"]["message"]
        assert int(got.headers["Retry-After"]) > 0
        assert got.headers["X-Should-Retry"] == "false"


def test_customgpt_clients_get_429_in_their_envelope(alice: Person, spent: Agent, token: str) -> None:
    talk = start_conversation(actor=alice.actor, agent=spent, title="Talk")
    here = project(token)
    for streams in ("false", "true"):
        got = call(token, f"{here}/conversations/{talk}/messages?stream={streams}", {"prompt": PARKING})
        assert got.status_code == 429
        assert (got.json()["status"], got.json()["data"]["code"]) == ("error", 429)
        assert SAID in got.json()["data"]["message"]
    assert call(token, f"{here}/chat/completions", {"messages": [{"role": "user", "content": "x"}]}).status_code == 429


def test_every_door_counts(alice: Person, hospital: Agent, token: str) -> None:
    assert alice.client.post(f"{hospital.url}/ask", {"question": PARKING}).status_code == 302
    assert asked(alice) == 1
    body = {"messages": [{"role": "user", "content": PARKING}]}
    assert call(token, "/v1/chat/completions", body | {"model": hospital.pk}).status_code == 200
    assert asked(alice) == 2
    here = project(token)
    talk = call(token, f"{here}/conversations", {"name": "Talk"}).json()["data"]["session_id"]
    assert call(token, f"{here}/conversations/{talk}/messages", {"prompt": PARKING}).status_code == 200
    assert asked(alice) == 3
    assert call(token, f"{here}/chat/completions", body).status_code == 200
    assert asked(alice) == 4
