"""A write with If-Match is done if what it is about is still as it was read; else 412, and nothing is done."""

import json
from typing import Any

import pytest
from django.test import Client

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, update_agent
from muniment.api.numbers import number
from muniment.core.permissions import Permission
from muniment.ingest.selectors import some_documents
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.teams.services import create_key
from muniment.teams.types import KeyDraft
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
SETTINGS = '--x\r\nContent-Disposition: form-data; name="no_answer_message"\r\n\r\nAsk the keeper.\r\n--x--\r\n'


@pytest.fixture
def token(alice: Person) -> str:
    draft = KeyDraft("Program", frozenset(Permission))
    return create_key(actor=alice.actor, team=alice.team, draft=draft).token


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Charter")


def sent(token: str, method: str, address: str, body: str = "", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()} | {"authorization": f"Bearer {token}"}
    kind = "multipart/form-data; boundary=x" if body.startswith("--x") else "application/json"
    return Client().generic(method, address, body, content_type=kind, headers=named)


def test_a_document_is_deleted_as_it_was_read_or_not_at_all(alice: Person, token: str, agent: Agent) -> None:
    document = add_document(actor=alice.actor, agent=agent, name="a.txt", source=[b"Parking costs two euros."]).document
    address = f"/api/muniment/agents/{agent.pk}/documents/{document}"
    queued = sent(token, "GET", address).headers["ETag"]
    run_due()
    stale = sent(token, "DELETE", address, if_match=queued)
    assert (stale.status_code, stale.headers["Content-Type"]) == (412, "application/problem+json")
    assert "Read it again" in stale.json()["detail"]
    assert some_documents(alice.actor, agent, [document])
    live = sent(token, "GET", address).headers["ETag"]
    assert live != queued
    assert sent(token, "DELETE", address, if_match=f"{queued}, {live}").status_code == 200
    assert not some_documents(alice.actor, agent, [document])
    assert sent(token, "DELETE", address, if_match=live).status_code == 404


def test_an_agent_is_renamed_and_set_up_as_it_was_read(alice: Person, token: str, agent: Agent) -> None:
    project = f"/api/v1/projects/{number(agent.pk)}"
    renaming = SETTINGS.replace("no_answer_message", "project_name")
    for address, body in ((project, renaming), (f"{project}/settings", SETTINGS)):
        before = sent(token, "GET", address).headers["ETag"]
        assert sent(token, "POST", address, body, if_match=before).status_code == 200
        stale = sent(token, "POST", address, body.replace("keeper", "porter"), if_match=before)
        assert (stale.status_code, stale.json()["data"]["code"]) == (412, 412)
        assert "porter" not in sent(token, "GET", address).content.decode()
    update_agent(actor=alice.actor, agent=agent, name="Elsewhere")
    assert sent(token, "DELETE", project, if_match=before).status_code == 412
    assert Agent.objects.filter(pk=agent.pk).exists()
    now = sent(token, "GET", project).headers["ETag"]
    assert sent(token, "DELETE", project, if_match=now).status_code == 200


def test_any_and_none(token: str, agent: Agent) -> None:
    project = f"/api/v1/projects/{number(agent.pk)}"
    renaming = SETTINGS.replace("no_answer_message", "project_name")
    assert sent(token, "POST", project, renaming, if_match="*").status_code == 200
    assert sent(token, "DELETE", project, if_none_match="*").status_code == 412
    assert sent(token, "DELETE", "/api/v1/projects/999", if_match="*").status_code == 404
    conversation = f"{project}/conversations/{'a' * 26}"
    asked = json.dumps({"name": "Talk"})
    unread = sent(token, "PUT", conversation, asked, if_match='"x"')
    assert (unread.status_code, "without If-Match" in unread.content.decode()) == (412, True)


def test_a_weak_etag_is_none_and_a_read_with_one_that_is_old_says_so(token: str, agent: Agent) -> None:
    address = f"/api/muniment/agents/{agent.pk}"
    etag = sent(token, "GET", address).headers["ETag"]
    assert sent(token, "GET", address, if_match=etag).status_code == 200
    assert sent(token, "GET", address, if_match='"old"').json()["status"] == 412
    project = f"/api/v1/projects/{number(agent.pk)}"
    weak = f"W/{sent(token, 'GET', project).headers['ETag']}"
    assert sent(token, "DELETE", project, if_match=weak).status_code == 412


def test_a_key_learns_nothing_by_it(mallory: Person, token: str, agent: Agent) -> None:
    """Attacker: asks with If-Match whether an agent of another team is there."""
    draft = KeyDraft("Hers", frozenset(Permission))
    hers = create_key(actor=mallory.actor, team=mallory.team, draft=draft).token
    address = f"/api/v1/projects/{number(agent.pk)}"
    for etag in ("*", '"x"'):
        assert sent(hers, "DELETE", address, if_match=etag).status_code == 404
        assert sent("nonsense", "DELETE", address, if_match=etag).status_code == 401
    assert sent(token, "DELETE", address, if_match='"x"').status_code == 412
