"""In the browser: choosing that files are deleted, what the list says of each, its receipt, those from before."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.agents.types import AtOnce, MaskingMode
from muniment.audit.services import checkpoint_now
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)


def make(alice: Person, *, originals: bool) -> Agent:
    return create_agent(actor=alice.actor, name="Charter", masking=MaskingMode.OFF, deletes=AtOnce(originals=originals))


def rows(person: Person, agent: Agent) -> dict[str, dict[str, Any]]:
    found = person.client.get(f"{agent.url}/knowledge").context["documents"]
    return {one["name"]: one["original"] for one in found}


def test_choices_of_a_new_agent(alice: Person) -> None:
    page = alice.client.get("/agents/new").content.decode()
    assert "Delete each file right after reading it" in page
    assert "Keep no conversations" in page
    assert '<option value="stand_ins" selected>' in page
    alice.client.post("/agents/new", {"name": "Once", "originals": "on", "conversations": "on", "masking": "off"})
    made = Agent.objects.get()
    assert (made.delete_originals, made.ephemeral) == (True, True)
    alice.client.post("/agents/new", {"name": "Usual"})
    made = Agent.objects.get(name="Usual")
    assert (made.delete_originals, made.ephemeral) == (False, False)


@pytest.mark.parametrize("way", ["stream", "form"])
def test_one_upload_may_be_deleted_after_reading(alice: Person, way: str) -> None:
    agent = make(alice, originals=False)
    address = f"{agent.url}/documents"
    if way == "stream":
        headers = {"X-Document-Name": quote("a.txt"), "X-Delete-Original": "yes"}
        alice.client.post(address, b"The barons met.", content_type="application/octet-stream", headers=headers)
        headers.pop("X-Delete-Original")
        headers["X-Document-Name"] = "b.txt"
        alice.client.post(address, b"The king came.", content_type="application/octet-stream", headers=headers)
    else:
        alice.client.post(address, {"file": SimpleUploadedFile("a.txt", b"The barons met."), "delete_original": "yes"})
        alice.client.post(address, {"file": SimpleUploadedFile("b.txt", b"The king came.")})
    assert {name: one["state"] for name, one in rows(alice, agent).items()} == {"a.txt": "going", "b.txt": "kept"}
    run_due()
    assert {name: one["state"] for name, one in rows(alice, agent).items()} == {"a.txt": "gone", "b.txt": "kept"}


def test_its_receipt_is_for_who_uploaded_it_and_for_who_reads_the_log(
    alice: Person, bob: Person, mallory: Person
) -> None:
    agent = make(alice, originals=True)
    add_document(actor=bob.actor, agent=agent, name="a.txt", source=[b"The barons met at Runnymede."])
    run_due()
    page = bob.client.get(f"{agent.url}/knowledge")
    assert page.context["working"]  # the page asks again: the receipt follows as soon as the log has the event
    checkpoint_now()
    page = bob.client.get(f"{agent.url}/knowledge")
    assert not page.context["working"]
    (address,) = set(re.findall(r'<a href="(/receipts/\w{26})">receipt', page.content.decode()))
    assert rows(alice, agent)["a.txt"]["receipt"] == address
    for person in (alice, bob):
        receipt = person.client.get(address)
        assert receipt.context["grade"] == "key_destroyed"
        assert json.loads(receipt.context["receipt"])["grade"] == "key destroyed"
    assert mallory.client.get(address).status_code == 404


def test_a_failure_is_not_offered_again_once_its_file_is_gone(alice: Person) -> None:
    agent = make(alice, originals=True)
    add_document(actor=alice.actor, agent=agent, name="empty.txt", source=[b""])
    run_due()
    page = alice.client.get(f"{agent.url}/knowledge").content.decode()
    assert "upload it again." in page
    assert 'form="retry-form"' not in page


def test_nobody_is_asked_where_the_agent_decides(alice: Person) -> None:
    asked, said = 'name="delete_original"', "This agent deletes each file right after reading it"
    page = alice.client.get(f"{make(alice, originals=False).url}/knowledge").content.decode()
    assert (asked in page, said in page) == (True, False)
    page = alice.client.get(f"{make(alice, originals=True).url}/knowledge").content.decode()
    assert (asked in page, said in page) == (False, True)


def test_safety_changes_it_and_offers_to_delete_those_from_before(alice: Person, bob: Person) -> None:
    agent = make(alice, originals=False)
    add_document(actor=alice.actor, agent=agent, name="a.txt", source=[b"The barons met at Runnymede."])
    run_due()
    page = alice.client.get(f"{agent.url}/safety").content.decode()
    assert "1 file is here now" in page
    answer = alice.client.post(f"{agent.url}/deletion", {"originals": "on"}, follow=True)
    page = answer.content.decode()
    assert "1 file from before is still kept" in page
    assert [one.original_erased for one in documents(alice.actor, agent)] == [""]
    page = alice.client.post(f"{agent.url}/originals/delete", follow=True).content.decode()
    assert "1 file deleted. Its key is destroyed; its text stays." in page
    assert "0 files are here now" in page
    assert rows(alice, agent)["a.txt"]["receipt"]
    alice.client.post(f"{agent.url}/deletion", {})
    agent.refresh_from_db()
    assert not agent.delete_originals
    assert alice.client.get(f"{agent.url}/originals/delete").status_code == 405
