"""Attacker: anybody with an account, and anybody without. Move: ask every address of the product there is, in every
role, with the ids of things that are theirs, granted to them, the team's, somebody else's, and another team's.
Guarantee: G-13, and docs/permissions.md, whose tables are what this test asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from muniment.accounts.models import User
from muniment.agents.models import Agent, AgentGrant, ChatOpening
from muniment.agents.services import create_agent, delete_agent, grant_agent
from muniment.audit.services import checkpoint_now
from muniment.chat.services import ask
from muniment.chat.types import Started
from muniment.core.ids import new_id
from muniment.core.permissions import Permission
from muniment.core.requests import API
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.llm.services import add_provider
from muniment.scim.services import create_token
from muniment.sso.services import create_connection
from muniment.sso.types import Protocol
from muniment.teams.models import Domain
from muniment.teams.services import add_member, create_key, create_role, invite
from muniment.teams.types import BUILT_IN, DomainState, KeyDraft, Role, RoleDraft
from tests.cast import PASSWORD, Person, person, signed_in

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/permissions.md").read_text("utf-8")
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj "
    b"4 0 obj<</Length 54>>stream\nBT /F 12 Tf 10 100 Td (WORDS) Tj ET\nendstream endobj "
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
ENDS_SESSIONS = {"/sign-in", "/sign-out", "/profile/security", "/profile/sessions/end-others"}
OWN, GRANTED, TEAMS, PERSONAL, FOREIGN = "own", "granted", "the team's", "somebody's", "another team's"
STRANGER, NOBODY = "stranger", "nobody"


@dataclass(frozen=True)
class Row:
    method: str
    address: str
    asks: str

    def __str__(self) -> str:
        return f"{self.method} {self.address}"

    @property
    def is_of_an_agent(self) -> bool:
        return "<agent>" in self.address

    @property
    def is_of_a_thing(self) -> bool:
        """Of the team that asks, and of no other."""
        return "<" in re.sub("<(use|passkey|picture)>", "", self.address) or self.address == "/team/switch"


def rows() -> list[Row]:
    """What reads comes before what writes, and that before what deletes."""
    found = re.findall(r"^\| `(GET|POST) (\S+)` \| (.+?) \|$", PAGE, re.MULTILINE)
    of_pages = [Row(*one) for one in found if not one[1].startswith(API)]
    return sorted(of_pages, key=lambda row: (row.method, "delete" in row.address))


def holdings() -> dict[tuple[str, str], str]:
    """By permission and role: the word of the table."""
    found = re.findall(r"^\| `(\w+:\w+:\w+)` \|(.*)\|$", PAGE, re.MULTILINE)
    cells = {one: [cell.strip() for cell in line.split("|")] for one, line in found}
    return {(one, role): said for one, line in cells.items() for role, said in zip(BUILT_IN, line, strict=True)}


HELD = holdings()


def holds(permission: str, role: Role, relation: str) -> bool:
    """What the table says of a role and an agent, or of the team (relation "")."""
    if relation == FOREIGN:
        return False
    if relation == GRANTED and permission in {Permission.AGENT_VIEW, Permission.CONVERSATION_CREATE}:
        return True
    said = HELD[permission, role]
    may_own = HELD[Permission.PERSONAL_CREATE, role] == "yes" or HELD[Permission.AGENT_CREATE, role] == "yes"
    if relation == PERSONAL or (relation == OWN and not may_own):
        return said == "yes" and HELD[Permission.PERSONAL_VIEW, role] == "yes"
    if relation == OWN:
        return said == "own" or (said == "yes" and _comes_with_owning(permission))
    return said == "yes"


def _comes_with_owning(permission: str) -> bool:
    """Whoever has an own agent without a role that reaches all of them is a member."""
    return HELD[permission, Role.MEMBER] in {"own", "yes"} or permission == Permission.AGENT_VIEW


def expected(row: Row, who: str, relation: str) -> str:
    if row.asks.partition(", ")[0] == "open":
        return "yes"
    is_closed = row.asks == "closed" and (who != NOBODY or row.address in {"/setup", "/metrics"})
    if is_closed or row.asks == "chat user":  # no agent here is open: test_chat_users_go_beyond_their_chat
        return "none"
    if who == NOBODY:
        return "sign in"
    if row.asks.endswith(", none here"):
        return "none"
    if who == STRANGER:
        return "none" if row.is_of_a_thing else "yes"
    return _expected_of(row, Role(who), relation)


def _expected_of(row: Row, role: Role, relation: str) -> str:
    asked, _, otherwise = row.asks.partition(", ")
    if row.is_of_an_agent and not holds(Permission.AGENT_VIEW, role, relation):
        return "none"
    of_what = relation if asked.startswith("agent:") else ""
    if asked != "signed in" and not holds(asked, role, of_what):
        return "none" if otherwise == "else none" else "refused"
    return "none" if otherwise == "own" and role is not Role.OWNER else "yes"


def every_address(patterns: list[Any], before: str = "/") -> Iterator[str]:
    """Every address of the product, its parts named: /agents/<agent>/safety."""
    for pattern in patterns:
        here = before + re.sub(r"<\w+:(\w+)>", r"<\1>", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from every_address(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield here


ADDRESSES = sorted(one for one in set(every_address(get_resolver().url_patterns)) if not one.startswith(API))
"""Those of pages; the others are opened by keys: test_api_answers_by_role."""


@dataclass
class Stage:
    """One installation with somebody in each role, an agent in each relation to each, and things of the owner."""

    team: Person
    stranger: Person
    eve: User | None = None
    people: dict[str, Person] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    agents: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)  # by role, or "", and relation

    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, who: str, row: Row) -> Client:
        """A browser of theirs; a new one where the address is about signing in and out."""
        if who == NOBODY:
            return Client()
        if who not in self.clients or row.address in ENDS_SESSIONS:
            self.people[who].user.refresh_from_db()
            self.clients[who] = signed_in(self.people[who].user)
        return self.clients[who]

    def asked(self, row: Row) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Who asks, in what relation to what; with new things where each is used up."""
        if not row.is_of_an_agent:
            yield from ((who, "", self.things | self.fresh(row)) for who in (*self.people, NOBODY))
            return
        for role in BUILT_IN:
            for relation in (OWN, GRANTED, TEAMS, PERSONAL, FOREIGN):
                agent = self.agents.get((role, relation)) or self.agents["", relation]
                yield role, relation, self.things | agent | self.fresh(row, agent)
        for who in (STRANGER, NOBODY):
            agent = self.agents["", TEAMS]
            yield who, TEAMS, self.things | agent | self.fresh(row, agent)

    def fresh(self, row: Row, agent: dict[str, str] | None = None) -> dict[str, str]:
        """What is gone once somebody was allowed to do this."""
        alice, found = self.team, {}
        if agent and "<grant>" in row.address:
            given = {"user": self.eve, "defaults": {"permissions": ["agent:agent:view"]}}
            found["grant"] = str(AgentGrant.objects.update_or_create(agent_id=agent["agent"], **given)[0].pk)
        if agent and "<opening>" in row.address:
            given = {"agent_id": agent["agent"], "connection_id": self.things["connection"]}
            found["opening"] = ChatOpening.objects.update_or_create(**given, defaults={"groups": ["staff"]})[0].pk
        if row.address == "/server/models/<provider>/delete":
            fields = {"name": new_id(), "base_url": "https://192.0.2.1/v1", "model": "tiny"}  # no public address
            found["provider"] = add_provider(actor=alice.actor, **fields).pk
        if "<role>" in row.address:
            draft = RoleDraft(new_id(), "", frozenset({Permission.AGENT_VIEW}))
            found["role"] = create_role(actor=alice.actor, team=alice.team, draft=draft).pk
        if "<invitation>" in row.address:
            invited = invite(actor=alice.actor, team=alice.team, email=f"{new_id()}@example.org", role=Role.MEMBER)
            found["invitation"] = invited.invitation.pk
        if "<key>" in row.address:
            draft = KeyDraft("Website", frozenset({Permission.AGENT_VIEW}))
            found["key"] = create_key(actor=alice.actor, team=alice.team, draft=draft).key.pk
        if row.address == "/members/<member>/remove":
            gone = person(new_id())
            add_member(actor=alice.actor, team=alice.team, user=gone, role=Role.MEMBER)
            found["member"] = str(gone.pk)
        return found

    def data(self, row: Row, things: dict[str, str]) -> dict[str, str]:
        return {
            "/agents": {"q": "Charter"},
            "/agents/new": {"name": "Mine"},
            "/agents/<agent>/ask": {"question": "What does it say?"},
            "/agents/<agent>/feedback": {"message": things.get("message", ""), "verdict": "up"},
            "/agents/<agent>/conversations/<conversation>/rename": {"title": "Renamed"},
            "/agents/<agent>/settings": {"name": "Charter"},
            "/agents/<agent>/character": {"length": "short"},
            "/agents/<agent>/chat-users": {"connection": things.get("connection", ""), "groups": "staff"},
            "/agents/<agent>/chat-users/<opening>": {"groups": "staff"},
            "/agents/<agent>/people": {"email": "eve@example.org", "access": "ask"},
            "/agents/<agent>/sharing": {"personal": things.get("personal", "")},
            "/members/invite": {"email": f"{new_id()}@example.org", "role": "member", "days": "7"},
            "/members/<member>/role": {"role": "member"},
            "/members/<member>/remove": {"agents": "delete"},
            "/roles/new": {"name": new_id()},
            "/roles/<role>": {"name": things.get("role", "")},
            "/agents/<agent>/documents/retry": {"document": things.get("document", "")},
            "/agents/<agent>/documents/delete": {"document": things.get("document", "")},
            "/profile": {"name": "Somebody"},
            "/profile/security": {"current": PASSWORD, "new": "another quiet room", "again": "another quiet room"},
            "/profile/passkeys/<passkey>/rename": {"name": "Key"},
            "/team/sign-in": {"grace_days": "7"},
            "/profile/two-factor/rename": {"name": "Phone"},
            "/sign-in": {"email": "nobody@example.org", "password": "wrong"},
            "/team/switch": {"team": self.team.team.pk},
        }.get(row.address, {})


@pytest.fixture
def stage(alice: Person, mallory: Person) -> Stage:
    made = Stage(alice, mallory, people={Role.OWNER: alice})
    for role in BUILT_IN[1:]:
        user = person(role.value.replace("_", "-"))
        add_member(actor=alice.actor, team=alice.team, user=user, role=role)
        made.people[role] = Person(user, alice.team)
    made.people[STRANGER] = mallory
    fields = {"name": "Elsewhere", "base_url": "https://192.0.2.1/v1", "model": "tiny"}  # no public address
    made.things = {
        "provider": add_provider(actor=alice.actor, **fields).pk,
        "event": delete_agent(actor=alice.actor, agent=create_agent(actor=alice.actor, name="Gone")),
        "number": "1",
        "use": "embedding",
        "session": "0" * 32,
        "browser": new_id(),
        "passkey": new_id(),
        "domain": Domain.objects.create(team=alice.team, name="a.example", token="t", state=DomainState.FAILED).pk,
        "connection": create_connection(actor=alice.actor, protocol=Protocol.SAML, name="Acme").pk,
        "client": create_connection(actor=alice.actor, protocol=Protocol.OIDC, name="Other").pk,
        "identity": "1",
        "guide": "okta",
        "picture": "single-sign-on-okta.svg",
        "token": create_token(actor=alice.actor, name="Directory").id,
        "arrival": "a" * 43,
    }
    checkpoint_now()
    made.agents = agents(made)
    return made


def agents(made: Stage) -> dict[tuple[str, str], dict[str, str]]:
    alice, eve = made.team, person("eve")
    add_member(actor=alice.actor, team=alice.team, user=eve, role=Role.MEMBER)
    made.eve = eve
    made.things |= {"member": str(eve.pk), "person": eve.ref}
    found = {("", relation): create_agent(actor=alice.actor, name=relation) for relation in (GRANTED, TEAMS)}
    found["", PERSONAL] = create_agent(actor=Person(eve, alice.team).actor, name=PERSONAL, personal=True)
    found["", FOREIGN] = create_agent(actor=made.stranger.actor, name=FOREIGN)
    for role in BUILT_IN:
        grant_agent(actor=alice.actor, agent=found["", GRANTED], user=made.people[role].user.pk)
        found[role, OWN] = create_agent(actor=alice.actor, name=f"{role}'s", personal=True)
        Agent.objects.filter(pk=found[role, OWN].pk).update(owner=made.people[role].user)
    documents = {}
    for key, agent in found.items():
        pdf = PDF.replace(b"WORDS", agent.id[:5].encode())
        actor = made.stranger.actor if key[1] == FOREIGN else alice.actor
        documents[key] = add_document(actor=actor, agent=agent, name="a", source=[pdf]).document
    run_due()
    facts = {
        key: {"agent": agent.id, "document": documents[key], "personal": "yes" if agent.personal else "no"}
        for key, agent in found.items()
    }
    return {key: facts[key] | _asked(made, key, agent) for key, agent in found.items()}


def _asked(made: Stage, key: tuple[str, str], agent: Agent) -> dict[str, str]:
    """A conversation of the owner of the team the agent is in."""
    actor = made.stranger.actor if key[1] == FOREIGN else made.team.actor
    started = next(iter(ask(actor=actor, agent=Agent.objects.get(pk=agent.pk), question="What does it say?")))
    assert isinstance(started, Started)
    return {"conversation": started.conversation, "message": started.message}


def everything(stage: Stage) -> dict[str, str]:
    """A thing of the owner for every name in an address."""
    agent = stage.agents["", TEAMS]
    row = Row("POST", "<grant><opening><role><invitation><key>", "")
    return stage.things | agent | stage.fresh(row, agent)


def at(address: str, things: dict[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda found: things[found[1]], address)


def answer(client: Client, row: Row, things: dict[str, str], data: dict[str, str]) -> str:
    address = at(row.address, things)
    got = client.get(address) if row.method == "GET" else client.post(address, data)
    if got.status_code == 302 and got.headers["Location"].startswith("/sign-in?"):
        return "sign in"
    return {403: "refused", 404: "none", 405: "no such act"}.get(got.status_code, "yes")


@pytest.mark.django_db(transaction=True)
def test_every_role_gets_the_answers_of_the_table(stage: Stage) -> None:
    wrong, asked = [], 0
    for row in sorted(rows(), key=lambda row: row.address in ENDS_SESSIONS):
        for who, relation, things in stage.asked(row):
            got = answer(stage.client(who, row), row, things, stage.data(row, things))
            said = expected(row, who, relation)
            asked += 1
            if got != said:
                wrong.append(f"{row} as {who}, {relation or 'the team'}: {got}, and the table says {said}")
    assert not wrong, "\n".join(wrong)
    assert asked > 1000


@pytest.mark.django_db(transaction=True)
def test_no_form_counts_without_its_token(stage: Stage) -> None:
    """Another site sends the owner's browser there (CSRF). Every address that takes a form is tried, but those whose
    forms an identity provider signs: tests/attacks/test_assertions_are_forged.py.
    """
    client = signed_in(stage.team.user, enforce_csrf_checks=True)
    things = everything(stage)
    forms = [row for row in rows() if row.method == "POST" and row.asks not in {"closed", "open, from elsewhere"}]
    assert len(forms) > 20
    taken = [str(row) for row in forms if answer(client, row, things, stage.data(row, things)) != "refused"]
    assert taken == []


@pytest.mark.django_db(transaction=True)
def test_other_methods_do_nothing(stage: Stage) -> None:
    allowed = {(row.method, row.address) for row in rows()}
    client, things = stage.team.client, everything(stage)
    for address in ADDRESSES:
        path = at(address, things)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if (method, address) not in allowed:
                assert client.generic(method, path).status_code in {404, 405}, (method, address)


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert len(ADDRESSES) > 20
    assert {row.address for row in rows()} == set(ADDRESSES)
    words = {"open", "signed in", "closed", "chat user", *Permission}
    assert {row.asks.partition(", ")[0] for row in rows()} - words == set()
    assert {row.asks.partition(", ")[2] for row in rows()} == {"", "own", "else none", "none here", "from elsewhere"}


def test_what_is_not_there_is_told_in_the_same_words(alice: Person, mallory: Person) -> None:
    """The page for Alice's agent is, to Mallory, byte for byte the page for an agent that never was."""
    agent = create_agent(actor=alice.actor, name="Charter")
    never = "a" * 26
    for tab in ("knowledge", "safety", "settings"):
        pages = [mallory.client.get(f"/agents/{one}/{tab}").content.decode() for one in (agent.id, never)]
        words = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]*"', "", page) for page in pages]
        assert words[0] == words[1]
