"""Attacker: anybody with an account, and anybody without. Move: ask every address of the product there is, with the ids
of things that are not theirs. Guarantee: G-13, and docs/permissions.md, whose table is what this test asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, delete_agent, grant_agent
from muniment.audit.services import checkpoint_now
from muniment.chat.services import ask
from muniment.chat.types import Started
from muniment.core.ids import new_id
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.llm.services import add_provider
from muniment.teams.services import add_member
from muniment.teams.types import Role
from tests.cast import PASSWORD, Person, person, signed_in

ROOT = Path(__file__).resolve().parents[2]
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj "
    b"4 0 obj<</Length 54>>stream\nBT /F 12 Tf 10 100 Td (WORDS) Tj ET\nendstream endobj "
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
PEOPLE = ("nobody", "stranger", "guest", "asker", "member", "owner")


@dataclass(frozen=True)
class Row:
    method: str
    address: str
    answers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


def rows() -> list[Row]:
    page = (ROOT / "docs/permissions.md").read_text("utf-8")
    lines = re.findall(r"^\| `(GET|POST) (\S+)` \|(.*)\|$", page, re.MULTILINE)
    return [Row(method, address, _answers(cells)) for method, address, cells in lines]


def _answers(cells: str) -> dict[str, str]:
    return dict(zip(PEOPLE, (cell.strip() for cell in cells.split("|")), strict=True))


def addresses(patterns: list[Any], before: str = "/") -> Iterator[str]:
    """Every address of the product, its parts named: /agents/<agent>/safety."""
    for pattern in patterns:
        here = before + re.sub(r"<\w+:(\w+)>", r"<\1>", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield here


ADDRESSES = sorted(set(addresses(get_resolver().url_patterns)))


class Stage:
    """The cast, and fresh things for each question, so that no answer depends on the one before."""

    def __init__(self, alice: Person, bob: Person, carol: Person, mallory: Person) -> None:
        self.owner, self.member, self.guest, self.stranger = alice, bob, carol, mallory
        dora = person("dora")
        add_member(actor=alice.actor, team=alice.team, user=dora, role=Role.CHAT_ONLY)
        self.asker = Person(dora, alice.team)
        delete_agent(actor=alice.actor, agent=create_agent(actor=alice.actor, name="Warm"))

    def client(self, name: str, **options: Any) -> Client:
        return Client(**options) if name == "nobody" else signed_in(getattr(self, name).user, **options)

    def things(self, address: str) -> dict[str, str]:
        """What the names in an address stand for: things of the owner."""
        found: dict[str, str] = {}
        if "<agent>" in address:
            agent = self._agent()
            found = {"agent": agent.id, "name": agent.name, "number": "1"}
            pdf = PDF.replace(b"WORDS", agent.id.encode())
            found["document"] = add_document(actor=self.owner.actor, agent=agent, name="a", source=[pdf]).document
            if "<document>" in address:
                run_due()
            if "<conversation>" in address or "feedback" in address:
                started = next(iter(ask(actor=self.owner.actor, agent=agent, question="What does it say?")))
                assert isinstance(started, Started)
                found |= {"conversation": started.conversation, "message": started.message}
        if "<provider>" in address:
            fields = {"name": new_id(), "base_url": "https://192.0.2.1/v1", "model": "tiny"}  # no public address
            found["provider"] = add_provider(actor=self.owner.actor, **fields).pk
        if "<session>" in address or "<browser>" in address:
            found |= {"session": "0" * 32, "browser": new_id()}
        found |= {"passkey": new_id(), "person": self.member.user.ref}
        if "<event>" in address:
            found["event"] = delete_agent(actor=self.owner.actor, agent=self._agent())
            checkpoint_now()
        return found

    def _agent(self) -> Agent:
        agent = create_agent(actor=self.owner.actor, name="Charter")
        grant_agent(actor=self.owner.actor, agent=agent, user=self.asker.user.pk)
        return agent

    def data(self, row: Row, things: dict[str, str]) -> dict[str, str]:
        return {
            "/agents/new": {"name": "Mine"},
            "/agents/<agent>/ask": {"question": "What does it say?"},
            "/agents/<agent>/feedback": {"message": things.get("message", ""), "verdict": "up"},
            "/agents/<agent>/conversations/<conversation>/rename": {"title": "Renamed"},
            "/agents/<agent>/settings": {"name": "Renamed"},
            "/agents/<agent>/character": {"length": "short"},
            "/agents/<agent>/documents/retry": {"document": things.get("document", "")},
            "/agents/<agent>/documents/delete": {"document": things.get("document", "")},
            "/agents/<agent>/delete": {"name": things.get("name", "")},
            "/profile": {"name": "Somebody"},
            "/profile/security": {"current": PASSWORD, "new": "another quiet room", "again": "another quiet room"},
            "/profile/passkeys/<passkey>/rename": {"name": "Key"},
            "/team/sign-in": {"grace_days": "7"},
            "/profile/two-factor/rename": {"name": "Phone"},
            "/sign-in": {"email": "nobody@example.org", "password": "wrong"},
            "/team/switch": {"team": self.owner.team.pk},
        }.get(row.address, {})


@pytest.fixture
def stage(alice: Person, bob: Person, carol: Person, mallory: Person) -> Stage:
    return Stage(alice, bob, carol, mallory)


def at(address: str, things: dict[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda found: things[found[1]], address)


def answer(client: Client, row: Row, things: dict[str, str], data: dict[str, str]) -> str:
    address = at(row.address, things)
    got = client.get(address) if row.method == "GET" else client.post(address, data)
    if got.status_code == 302 and got.headers["Location"].startswith("/sign-in?"):
        return "sign in"
    return {403: "refused", 404: "none", 405: "no such act"}.get(got.status_code, "yes")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("row", rows(), ids=str)
def test_each_person_gets_the_answer_of_the_table(row: Row, stage: Stage) -> None:
    got = {}
    for name in PEOPLE:
        things = stage.things(row.address)
        got[name] = answer(stage.client(name), row, things, stage.data(row, things))
    assert got == row.answers


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("row", [row for row in rows() if row.method == "POST"], ids=str)
def test_no_form_counts_without_its_token(row: Row, stage: Stage) -> None:
    """Another site sends the owner's browser there (CSRF)."""
    things = stage.things(row.address)
    client = stage.client("owner", enforce_csrf_checks=True)
    assert answer(client, row, things, stage.data(row, things)) == "refused"
    assert "agent" not in things or Agent.objects.filter(pk=things["agent"], name=things["name"]).exists()


@pytest.mark.django_db(transaction=True)
def test_other_methods_do_nothing(stage: Stage) -> None:
    allowed = {(row.method, row.address) for row in rows()}
    client, things = stage.client("owner"), stage.things("<agent><document><conversation><event><provider><session>")
    for address in ADDRESSES:
        path = at(address, things)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if (method, address) not in allowed:
                assert client.generic(method, path).status_code in {404, 405}, (method, address)


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert len(ADDRESSES) > 20
    assert {row.address for row in rows()} == set(ADDRESSES)


def test_what_is_not_there_is_told_in_the_same_words(alice: Person, mallory: Person) -> None:
    """The page for Alice's agent is, to Mallory, byte for byte the page for an agent that never was."""
    agent = create_agent(actor=alice.actor, name="Charter")
    never = "a" * 26
    for tab in ("knowledge", "safety", "settings"):
        pages = [mallory.client.get(f"/agents/{one}/{tab}").content.decode() for one in (agent.id, never)]
        words = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]*"', "", page) for page in pages]
        assert words[0] == words[1]
