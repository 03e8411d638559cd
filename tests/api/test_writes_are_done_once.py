"""A write that is sent again with the same Idempotency-Key is done once, and answered the same."""

import json
from typing import Any

import pytest
from django.test import Client

from muniment.agents.models import Agent
from muniment.api import idempotency
from muniment.api.models import Attempt
from muniment.chat.models import Conversation
from muniment.teams.services import create_key
from muniment.teams.types import KEY_PRESETS, KeyDraft, KeyPreset
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)


def token(whose: Person) -> str:
    draft = KeyDraft("Program", KEY_PRESETS[KeyPreset.BUILD], is_service=True)
    return create_key(actor=whose.actor, team=whose.team, draft=draft).token


def sent(key: str, once: str, address: str, body: Any, kind: str = "application/json") -> Any:
    headers = {"authorization": f"Bearer {key}", "idempotency-key": once}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().generic("POST", address, data, content_type=kind, headers=headers)


def made(key: str, once: str, name: str = "Museum") -> Any:
    body = f'--x\r\nContent-Disposition: form-data; name="project_name"\r\n\r\n{name}\r\n--x--\r\n'
    return sent(key, once, "/api/v1/projects", body.encode(), "multipart/form-data; boundary=x")


def test_once_for_each_key(alice: Person) -> None:
    key = token(alice)
    first, again = made(key, "a"), made(key, "a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert Agent.objects.count() == 1
    assert made(key, "b").json() != first.json()
    assert made(token(alice), "a").json() != first.json()  # another API key's is another
    assert Agent.objects.count() == 3


def test_something_else_under_the_same_key_is_refused(alice: Person) -> None:
    key = token(alice)
    made(key, "a")
    other = made(key, "a", "Archive")
    assert (other.status_code, "something else" in other.content.decode()) == (422, True)
    assert made(key, "x" * 300).status_code == 400
    assert Agent.objects.count() == 1


def test_what_was_refused_may_be_sent_again(alice: Person) -> None:
    key = token(alice)
    assert made(key, "a", "").status_code == 400
    assert made("nonsense", "b").status_code == 401
    assert not Attempt.objects.exists()
    assert made(key, "a").status_code == 201


def test_answers_are_not_remembered(alice: Person) -> None:
    """What a document said is asked of the document, which may be gone by then."""
    key = token(alice)
    project = made(key, "a").json()["data"]["id"]
    body = {"messages": [{"role": "user", "content": "When is it open?"}]}
    address = f"/api/v1/projects/{project}/chat/completions"
    assert sent(key, "q", address, body).status_code == 200
    again = sent(key, "q", address, body)
    assert (again.status_code, "done already" in again.content.decode()) == (409, True)
    assert Conversation.objects.count() == 1


def test_after_a_restart_it_is_not_done_again(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    key = token(alice)
    made(key, "a")
    monkeypatch.setattr(idempotency, "memory", idempotency.Memory())
    assert made(key, "a").status_code == 409
    Attempt.objects.update(status=0)  # killed over it
    assert made(key, "a").status_code == 409
    assert Agent.objects.count() == 1


def test_memory_has_a_budget(monkeypatch: pytest.MonkeyPatch, alice: Person) -> None:
    monkeypatch.setattr(idempotency, "TOGETHER", 1500)
    key = token(alice)
    first = made(key, "a").content
    for number in range(6):
        made(key, str(number))
    assert made(key, "a").status_code == 409
    assert made(key, "5").status_code == 201
    assert len(first) < 1500
