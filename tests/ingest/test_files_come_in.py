"""The doors for files: one streamed as the body, or a form with many."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, grant_agent
from muniment.ingest.selectors import documents, original
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def charter(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Charter")


def send(person: Person, agent: Agent, content: bytes, name: str = "a.txt", **headers: str) -> Any:
    return person.client.post(
        f"{agent.url}/documents",
        content,
        content_type="application/octet-stream",
        headers={"X-Document-Name": quote(name), "Accept": "application/json", **headers},
    )


def sentence(answer: HttpResponse) -> str:
    return str(json.loads(answer.content)["sentence"])


def test_a_streamed_file_is_kept_as_it_came(alice: Person, charter: Agent) -> None:
    content = bytes(range(256)) * 5000
    answer = send(alice, charter, content)
    assert answer.status_code == 201
    assert b"".join(original(alice.actor, charter, answer.json()["document"])) == content


def test_its_place_in_a_folder_is_its_name(alice: Person, charter: Agent) -> None:
    send(alice, charter, b"a", "Richtlinien/Löschkonzept 2026.md")
    assert [one.name for one in documents(alice.actor, charter)] == ["Richtlinien/Löschkonzept 2026.md"]


def test_the_same_bytes_are_told_apart(alice: Person, charter: Agent) -> None:
    first, second = send(alice, charter, b"a"), send(alice, charter, b"a", "copy.txt")
    assert (second.status_code, second.json()) == (200, {"document": first.json()["document"], "duplicate": True})


def test_a_file_over_the_limit_is_refused_in_words(alice: Person, charter: Agent, settings: Any) -> None:
    settings.MUNIMENT_UPLOAD_LIMIT = 1
    answer = send(alice, charter, bytes(2**20 + 1))
    assert answer.status_code == 413
    assert sentence(answer) == "This file is larger than 1 MB. Split it, or ask the operator."
    assert documents(alice.actor, charter) == []
    assert send(alice, charter, bytes(2**20)).status_code == 201


def test_a_form_brings_many(alice: Person, charter: Agent) -> None:
    files = [SimpleUploadedFile(f"{name}.txt", name.encode()) for name in "abca"]
    answer = alice.client.post(f"{charter.url}/documents", {"file": files}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"{charter.url}/knowledge", 302)]
    assert "3 files received." in page
    assert "1 file was here already." in page
    assert sorted(one.name for one in documents(alice.actor, charter)) == ["a.txt", "b.txt", "c.txt"]


def test_of_a_form_the_too_large_one_alone_is_refused(alice: Person, charter: Agent, settings: Any) -> None:
    settings.MUNIMENT_UPLOAD_LIMIT = 1
    files = [SimpleUploadedFile("large.txt", bytes(2**20 + 1)), SimpleUploadedFile("small.txt", b"small")]
    page = alice.client.post(f"{charter.url}/documents", {"file": files}, follow=True).content.decode()
    assert "large.txt: This file is larger than 1 MB." in page
    assert [one.name for one in documents(alice.actor, charter)] == ["small.txt"]


def test_a_form_without_a_file_says_so(alice: Person, charter: Agent) -> None:
    assert "No file was chosen." in alice.client.post(f"{charter.url}/documents", follow=True).content.decode()


def test_a_guest_may_not_even_begin(alice: Person, carol: Person, charter: Agent) -> None:
    assert send(carol, charter, b"a").status_code == 404
    grant_agent(actor=alice.actor, agent=charter, user=carol.user.pk)
    assert send(carol, charter, b"a").status_code == 403
    form = {"file": SimpleUploadedFile("a.txt", b"a")}
    assert carol.client.post(f"{charter.url}/documents", form).status_code == 403
    assert documents(alice.actor, charter) == []
