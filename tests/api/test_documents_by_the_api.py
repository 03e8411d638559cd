"""/api/muniment/: documents come in, are listed, deleted; what became of their files is proven by a receipt."""

import json
from typing import Any

import pytest
from django.test import Client

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.audit.verifier import verify_receipt
from muniment.core.permissions import Permission
from muniment.jobs.services import run_due
from muniment.teams.services import create_key
from muniment.teams.types import KEY_PRESETS, KeyDraft, KeyPreset
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = b"The herbarium is open on Mondays. Ms Margaret Holloway keeps the key."


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Herbarium")


class Program:
    """Holds a key."""

    def __init__(self, whose: Person, permissions: frozenset[Permission], *, service: bool = True) -> None:
        draft = KeyDraft("Program", permissions, is_service=service)
        self.token = create_key(actor=whose.actor, team=whose.team, draft=draft).token

    def call(self, method: str, address: str, data: bytes = b"") -> Any:
        headers = {"authorization": f"Bearer {self.token}"}
        return Client().generic(
            method, f"/api/muniment/{address}", data, content_type="application/octet-stream", headers=headers
        )


@pytest.fixture
def program(alice: Person) -> Program:
    return Program(alice, KEY_PRESETS[KeyPreset.BUILD] | {Permission.NAME_VIEW})


def test_from_uploaded_to_deleted(program: Program, agent: Agent) -> None:
    added = program.call("POST", f"agents/{agent.pk}/documents?name=opening.txt", TEXT)
    assert added.status_code == 201
    here = f"agents/{agent.pk}/documents/{added.json()['document']}"
    assert program.call("GET", here).json()["state"] == "queued"
    again = program.call("POST", f"agents/{agent.pk}/documents?name=opening.txt", TEXT)
    assert (again.status_code, again.json()["duplicate"]) == (200, True)
    run_due()
    shown = program.call("GET", here).json()
    assert (shown["state"], shown["file"], shown["receipt"], shown["size"]) == ("live", "kept", None, len(TEXT))
    (listed,) = program.call("GET", f"agents/{agent.pk}/documents?state=live").json()["items"]
    assert listed == shown
    assert program.call("GET", f"agents/{agent.pk}/documents?state=failed").json()["items"] == []
    assert program.call("GET", f"agents/{agent.pk}").json()["live"] == 1
    assert program.call("GET", f"{here}/receipt").status_code == 404
    gone = program.call("DELETE", here).json()
    assert gone["deleted"] == 1
    assert _proven(gone["receipts"][0]) == "agent:document:erased"
    assert program.call("GET", here).status_code == program.call("DELETE", here).status_code == 404


def test_a_file_that_is_deleted_after_reading_is_proven(program: Program, agent: Agent) -> None:
    added = program.call("POST", f"agents/{agent.pk}/documents?name=opening.txt&delete_original=true", TEXT).json()
    here = f"agents/{agent.pk}/documents/{added['document']}"
    assert program.call("GET", here).json()["file"] == "to be deleted"
    run_due()
    shown = program.call("GET", here).json()
    assert (shown["state"], shown["file"]) == ("live", "deleted")
    proof = Client().get(shown["receipt"], headers={"authorization": f"Bearer {program.token}"})
    assert _proven(proof.json()) == "agent:original:erased"


def test_a_receipt_is_for_who_did_it_and_who_reads_the_log(alice: Person, program: Program, agent: Agent) -> None:
    added = program.call("POST", f"agents/{agent.pk}/documents?name=opening.txt&delete_original=true", TEXT).json()
    run_due()
    proof = f"agents/{agent.pk}/documents/{added['document']}/receipt"
    reads = KEY_PRESETS[KeyPreset.READ]
    assert Program(alice, reads).call("GET", proof).status_code == 404
    assert Program(alice, reads | {Permission.AUDIT_VIEW}).call("GET", proof).status_code == 200


def test_what_has_not_changed_is_not_sent_again(program: Program, agent: Agent) -> None:
    first = program.call("GET", f"agents/{agent.pk}/documents")
    headers = {"authorization": f"Bearer {program.token}", "if-none-match": first.headers["ETag"]}
    address = f"/api/muniment/agents/{agent.pk}/documents"
    again = Client().get(address, headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    program.call("POST", f"agents/{agent.pk}/documents?name=opening.txt", TEXT)
    assert Client().get(address, headers=headers).status_code == 200


def test_names_of_documents_are_in_stand_ins_for_who_may_not_see_names(alice: Person, agent: Agent) -> None:
    program = Program(alice, KEY_PRESETS[KeyPreset.BUILD])
    added = program.call("POST", f"agents/{agent.pk}/documents?name=Margaret%20Holloway.txt", TEXT).json()
    run_due()
    here = f"agents/{agent.pk}/documents/{added['document']}"
    assert "Holloway" not in program.call("GET", here).content.decode()
    assert "Holloway" in Program(alice, frozenset(Permission)).call("GET", here).content.decode()


def test_refusals_say_what_to_do(program: Program, agent: Agent, settings: Any) -> None:
    nameless = program.call("POST", f"agents/{agent.pk}/documents", TEXT)
    assert (nameless.status_code, nameless.headers["Content-Type"]) == (400, "application/problem+json")
    assert nameless.json()["field"] == "name"
    settings.MUNIMENT_UPLOAD_LIMIT = 1
    large = program.call("POST", f"agents/{agent.pk}/documents?name=a.txt", b"x" * (2**20 + 1))
    assert large.status_code == 413
    assert "1 MB" in large.json()["detail"]
    assert program.call("GET", f"agents/{agent.pk}/documents?page=0").status_code == 400
    assert program.call("GET", f"agents/{agent.pk}/documents?page=99").json()["items"] == []
    assert program.call("GET", "nowhere").json()["status"] == 404


def _proven(receipt: Any) -> str:
    """The kind of the act, once a stand-alone verifier has checked it."""
    return str(verify_receipt(json.dumps(receipt))["kind"])
