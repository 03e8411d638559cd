"""Making, changing and erasing an agent in the browser."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, grant_agent
from muniment.audit.services import make_receipt
from muniment.audit.verifier import parse_key, verify_receipt
from muniment.core.clock import now
from muniment.core.network.addresses import internal_hosts
from muniment.ingest.services import add_document
from muniment.jobs.models import Job
from muniment.jobs.types import JobState
from muniment.silo.chunks import EMBEDDING_JOB
from tests.cast import Person
from tests.llm.endpoints import endpoint_folder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def charter(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Charter of 1215")


def test_a_new_agent_leads_to_its_knowledge(alice: Person) -> None:
    answer = alice.client.post("/agents/new", {"name": "Charter", "instructions": "Speak plainly."})
    made = Agent.objects.get()
    assert (made.name, made.instructions, made.team) == ("Charter", "Speak plainly.", alice.team)
    assert answer.headers["Location"] == f"/agents/{made.id}/knowledge"


def test_a_name_that_is_none_comes_back_with_what_was_typed(alice: Person) -> None:
    answer = alice.client.post("/agents/new", {"name": " ", "instructions": "Speak plainly."})
    assert answer.status_code == 422
    assert "Speak plainly." in answer.content.decode()
    assert not Agent.objects.exists()


def test_character_is_kept_and_shown(alice: Person, charter: Agent) -> None:
    typed = {"instructions": "Be kind.", "no_answer": "Ask the registrar.", "length": "short"}
    assert alice.client.post(f"{charter.url}/character", typed).headers["Location"] == f"{charter.url}/character"
    page = alice.client.get(f"{charter.url}/character").content.decode()
    assert "Be kind." in page
    assert "Ask the registrar." in page
    assert '<option value="short" selected>' in page


def test_safety_shows_facts_and_keeps_the_retention(alice: Person, charter: Agent) -> None:
    assert alice.client.post(f"{charter.url}/safety", {"retention_days": "30"}).status_code == 302
    charter.refresh_from_db()
    assert charter.retention_days == 30
    page = alice.client.get(f"{charter.url}/safety").content.decode()
    assert charter.silo in page
    assert "1 member of your team." in page
    assert 'value="30"' in page
    assert alice.client.post(f"{charter.url}/safety", {"retention_days": "0"}).status_code == 422
    charter.refresh_from_db()
    assert charter.retention_days == 30


def test_renaming(alice: Person, charter: Agent) -> None:
    assert alice.client.post(f"{charter.url}/settings", {"name": "Magna Carta"}).status_code == 302
    charter.refresh_from_db()
    assert charter.name == "Magna Carta"
    assert alice.client.post(f"{charter.url}/settings", {"name": ""}).status_code == 422


def test_the_consequence_of_deleting_is_shown_in_numbers(alice: Person, charter: Agent) -> None:
    for number in range(3):
        add_document(actor=alice.actor, agent=charter, name=f"{number}.txt", source=[b"%d" % number])
    assert (
        "3 documents, 0 conversations; cannot be undone."
        in alice.client.get(f"{charter.url}/settings").content.decode()
    )


def test_a_wrong_name_deletes_nothing(alice: Person, charter: Agent) -> None:
    answer = alice.client.post(f"{charter.url}/delete", {"name": "Charter"})
    assert answer.status_code == 422
    assert "Nothing was deleted." in answer.content.decode()
    assert Agent.objects.filter(pk=charter.pk).exists()


def test_deleting_leads_to_a_receipt_that_holds(alice: Person, charter: Agent) -> None:
    answer = alice.client.post(f"{charter.url}/delete", {"name": "Charter of 1215"})
    page = alice.client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "The key was destroyed" in page.content.decode()
    file = alice.client.get(f"{answer.headers['Location']}/file")
    assert file.headers["Content-Disposition"].startswith("attachment")
    receipt = json.loads(file.content)
    assert receipt["grade"] == "key destroyed"
    entry = json.loads(receipt["entry"])
    assert (entry["kind"], entry["silo"], entry["facts"]["grade"]) == (
        "agent:agent:erased",
        charter.silo,
        "key_destroyed",
    )
    keys = [receipt["log_key"], receipt["receipt_key"]]
    assert verify_receipt(file.content.decode(), [parse_key(key) for key in keys])["id"] == entry["id"]


def test_a_receipt_is_for_who_did_it_and_for_who_reads_the_log(
    alice: Person, bob: Person, carol: Person, mallory: Person, charter: Agent
) -> None:
    address = bob.client.post(f"{charter.url}/delete", {"name": charter.name}).headers["Location"]
    assert {person.client.get(address).status_code for person in (alice, bob)} == {200}
    assert {person.client.get(address).status_code for person in (carol, mallory)} == {404}
    assert {person.client.get(f"{address}/file").status_code for person in (carol, mallory)} == {404}
    assert make_receipt(address.rpartition("/")[2])


def test_safety_shows_how_far_embedding_anew_is(alice: Person, charter: Agent) -> None:
    job = Job.objects.create(
        kind=EMBEDDING_JOB,
        key=charter.id,
        state=JobState.RUNNING,
        team=alice.actor.team,
        payload={},
        asked_by="system",
        progress={"model": "small", "done": 1240, "of": 5000},
        run_at=now(),
    )
    assert "Embedding with small: 1,240 of 5,000 pieces" in alice.client.get(f"{charter.url}/safety").content.decode()
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    assert "Embedding with" not in alice.client.get(f"{charter.url}/safety").content.decode()


def test_safety_names_who_else_reads(
    alice: Person, carol: Person, charter: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A guest is told that a model elsewhere reads it, and not what the hosts inside are called."""
    assert "to become vectors" not in alice.client.get(f"{charter.url}/safety").content.decode()
    inside = endpoint_folder(tmp_path / "embeds", "http://embeddings.internal:8080/v1", name="inner")
    outside = endpoint_folder(tmp_path / "orders", "https://rerank.example.org/v1", name="outer")
    monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", internal_hosts("http://embeddings.internal:8080"))
    monkeypatch.setattr(settings, "MUNIMENT_EMBEDDING_MODEL", str(inside))
    monkeypatch.setattr(settings, "MUNIMENT_RERANKER", str(outside))
    grant_agent(actor=alice.actor, agent=charter, user=carol.user.pk)
    for person, names in ((alice, True), (carol, False)):
        page = person.client.get(f"{charter.url}/safety").content.decode()
        assert "inner" in page
        assert "rerank.example.org" in page
        assert "masked once more" in page
        assert ("embeddings.internal" in page) is names
