"""Attacker: whoever holds an API key, or none. Move: ask every address of the API, by keys of people in every role
and by keys of the team, cut to every permission and agent, with the ids of agents that are theirs, granted, the team's,
somebody else's, and another team's. Guarantee: G-125, and the second table of docs/permissions.md, which this test asks
for."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, grant_agent
from muniment.api.numbers import number
from muniment.api.openai.routes import api as openai
from muniment.api.own.routes import api as own
from muniment.api.v1.routes import api as v1
from muniment.core.actors import system_in
from muniment.core.ids import new_id
from muniment.core.permissions import Permission
from muniment.core.requests import API
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.teams.models import Claim
from muniment.teams.services import create_key
from muniment.teams.types import BUILT_IN, KeyDraft, Role, completed
from tests.attacks.test_addresses_answer_by_role import (
    FOREIGN,
    GRANTED,
    OWN,
    PAGE,
    PERSONAL,
    TEAMS,
    Row,
    Stage,
    every_address,
    holds,
    stage,  # noqa: F401 - a fixture
)
from tests.cast import Person, signed_in

pytestmark = pytest.mark.long

RELATIONS = (OWN, GRANTED, TEAMS, PERSONAL, FOREIGN)
ALL = frozenset(Permission)
KEY = "key"


def rows() -> list[Row]:
    return [
        Row(*one)
        for one in re.findall(r"^\| `(GET|POST|PUT|DELETE) (/(?:v1|api)/\S*)` \| (.+?) \|$", PAGE, re.MULTILINE)
    ]


def routes() -> set[tuple[str, str]]:
    """Method and address, as the descriptions of the APIs have them."""
    described = {"/v1": openai, "/api/muniment": own, "/api/v1": v1}
    found = set()
    for before, api in described.items():
        for path, methods in api.get_openapi_schema(path_prefix=before)["paths"].items():
            found |= {(method.upper(), re.sub(r"{(?:int:)?(\w+)}", r"<\1>", path)) for method in methods}
    return found


FORM = "multipart/form-data; boundary=x"


def form(**fields: str) -> bytes:
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + new_id() + "\r\n"
    return ("".join(parts) + file * ("file" in fields) + "--x--\r\n").encode()


def body(row: Row, agent: str) -> tuple[bytes, str]:
    """What is sent, and its type."""
    forms = {
        "/api/v1/projects": {"project_name": "Mine"},
        "/api/v1/projects/<project_id>": {"project_name": "Charter"},
        "/api/v1/projects/<project_id>/settings": {"no_answer_message": "No."},
        "/api/v1/projects/<project_id>/sources": {"file": ""},
        "/api/v1/user": {"name": "Mine"},
    }
    if row.method == "POST" and row.address in forms:
        return form(**forms[row.address]), FORM
    if row.method in {"GET", "DELETE"}:
        return b"", "application/json"
    asked = {"model": agent, "messages": [{"role": "user", "content": "What does it say?"}]}
    more = {"name": "Talk", "prompt": "What does it say?", "reaction": "liked", "again": new_id()}
    return json.dumps(asked | more).encode(), "application/json"


def address_of(row: Row, agent: str) -> str:
    """With a document of its own where one is named; what else is named is nobody's."""
    address = row.address.replace("<model>", agent).replace("<agent>", agent)
    found = Agent.objects.get(pk=agent)
    if re.search("<(document|page_id|citation_id)>", address):
        added = add_document(actor=system_in(found.team_id), agent=found, name="a", source=[new_id().encode()]).document
        address = address.replace("<document>", added)
        address = re.sub("<(page_id|citation_id)>", str(number(added, within=agent)), address)
        run_due()
    address = address.replace("<project_id>", str(number(agent))).replace("<source_id>", str(number(found.silo)))
    address = re.sub("<(prompt_id|license_id)>", "7", address).replace("<session_id>", "a" * 26)
    return address + ("?name=a.txt" if row.method == "POST" and row.address.endswith("agent>/documents") else "")


def answer(row: Row, agent: str, token: str | None, client: Client | None = None) -> int:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    data, kind = body(row, agent)
    address = address_of(row, agent)
    got = (client or Client()).generic(row.method, address, data=data, content_type=kind, headers=headers)
    return int(got.status_code)


def made(whose: Person, **draft: Any) -> str:
    wanted = {"name": "Key", "permissions": ALL} | draft
    return create_key(actor=whose.actor, team=whose.team, draft=KeyDraft(**wanted)).token


MADE = {
    "/api/muniment/agents/<agent>/documents",
    "/api/v1/projects",
    "/api/v1/projects/<project_id>/conversations",
    "/api/v1/projects/<project_id>/replicate",
    "/api/v1/projects/<project_id>/sources",
}


def allowed(row: Row) -> set[int]:
    """The status for who may."""
    if row.asks.endswith(", none here"):
        return {404}
    if row.asks.endswith(", told why not"):
        return {400, 403, 422, 501}
    return {201} if row.method == "POST" and row.address in MADE else {200}


def permissions(row: Row) -> list[str]:
    return [one for one in row.asks.partition(",")[0].split(" and ") if one != KEY]


def is_of_an_agent(row: Row) -> bool:
    return "<" in row.address or row.address == "/v1/chat/completions"


def expected(row: Row, role: Role, relation: str) -> set[int]:
    if is_of_an_agent(row) and not holds(Permission.AGENT_VIEW, role, relation):
        return {404}
    if all(holds(one, role, relation if one.startswith("agent:") else "") for one in permissions(row)):
        return allowed(row)
    return {404} if row.asks.endswith(", else none") else {403}


def of_agents() -> list[Row]:
    return [row for row in rows() if is_of_an_agent(row)]


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert {(row.method, row.address) for row in rows()} == routes()
    known = {re.sub(r"<\w+:(\w+)>", r"<\1>", address) for address in every_address(get_resolver().url_patterns)}
    of_programs = {address for address in known if address.startswith(API)}
    of_scim = {
        "/scim/v2",
        "/scim/v2/",
        "/scim/v2/<path>",
    }  # to tokens of their own: test_provisioning_tokens_in_wrong_hands
    assert of_programs - of_scim == {row.address for row in rows()}
    assert of_scim <= of_programs
    assert {one for row in rows() for one in permissions(row)} <= set(Permission)
    assert len(routes()) >= 50


@pytest.mark.django_db(transaction=True)
def test_a_persons_key_does_what_the_person_may(stage: Stage) -> None:  # noqa: F811
    wrong = []
    for role in BUILT_IN:
        if not holds(Permission.KEY_CREATE, role, ""):
            continue
        token = made(stage.people[role])
        for row in rows():
            for relation in RELATIONS:
                got = answer(row, there(stage, row, role, relation), token)
                if got not in expected(row, role, relation):
                    wrong.append(f"{row} by a key of {role}, {relation}: {got}")
    assert wrong == []


DELETES = ("DELETE", "/api/v1/projects/<project_id>")


def there(stage: Stage, row: Row, role: Role, relation: str) -> str:  # noqa: F811
    """The agent in this relation; one of its own where it is deleted."""
    if (row.method, row.address) != DELETES:
        return (stage.agents.get((role, relation)) or stage.agents["", relation])["agent"]
    maker = stage.stranger if relation == FOREIGN else stage.team
    agent = create_agent(actor=maker.actor, name="To be deleted", personal=relation in {OWN, PERSONAL})
    owner = {OWN: stage.people[role].user, PERSONAL: stage.eve}.get(relation, maker.user)
    Agent.objects.filter(pk=agent.pk).update(owner=owner)
    if relation == GRANTED:
        grant_agent(actor=maker.actor, agent=agent, user=stage.people[role].user.pk)
    return agent.pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("service", [False, True])
def test_a_key_does_what_it_says(stage: Stage, service: bool) -> None:  # noqa: F811
    """An owner's, and the team's own: with what an act needs, with seeing the agent alone, and for one agent of two."""
    one, other, foreign = (stage.agents["", relation]["agent"] for relation in (TEAMS, GRANTED, FOREIGN))
    alone = made(stage.team, agents=frozenset({one}), is_service=service)
    sees = made(stage.team, permissions=frozenset({Permission.AGENT_VIEW}), is_service=service)
    for row in of_agents():
        needed = completed(frozenset(map(Permission, permissions(row)))) | {Permission.AGENT_VIEW}
        enough = made(stage.team, permissions=needed, is_service=service)
        is_open = needed == {Permission.AGENT_VIEW}
        refused = {404} if row.asks.endswith((", else none", ", none here")) else {403}
        assert answer(row, one, sees) in (allowed(row) if is_open else refused | {403}), row
        assert answer(row, other, alone) == answer(row, foreign, enough) == 404, row
        if (row.method, row.address) != DELETES:
            assert answer(row, one, enough) in allowed(row), row
            is_of_agents = all(name.startswith("agent:") for name in permissions(row))
            assert answer(row, one, alone) in (allowed(row) if is_of_agents else {403}), row


@pytest.mark.django_db(transaction=True)
def test_no_session_opens_it(stage: Stage) -> None:  # noqa: F811
    """A page elsewhere sends the owner's browser there; a signed-in person types the address."""
    client, agent = signed_in(stage.team.user, enforce_csrf_checks=True), stage.agents["", TEAMS]["agent"]
    token = made(stage.team)
    for row in rows():
        for wrong in (None, "", "nonsense", token[:-1], token.upper()):
            assert answer(row, agent, wrong, client) == 401, (row, wrong)
        if (row.method, row.address) != DELETES:
            assert answer(row, agent, token, client) in allowed(row), row


@pytest.mark.django_db
def test_what_a_session_owes_is_no_matter_of_a_key(alice: Person) -> None:
    """Beside a key a browser's cookie counts for nothing: it neither opens nor leads anywhere."""
    Claim.objects.create(team=alice.team, user=alice.user)  # whoever claimed is led to the recovery kit, once a session
    headers = {"authorization": f"Bearer {made(alice)}"}
    assert signed_in(alice.user).get("/agents").headers["Location"] == "/setup/recovery-kit"
    assert signed_in(alice.user).get("/v1/models", headers=headers).status_code == 200


@pytest.mark.django_db
def test_other_methods_and_addresses_do_nothing(alice: Person) -> None:
    headers = {"authorization": f"Bearer {made(alice)}"}
    there = {(row.method, row.address) for row in rows()}
    for address in {row.address for row in rows()} | {"/v1/", "/v1/nothing", "/api/nothing"}:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if (method, address) not in there:
                got = Client().generic(method, address, headers=headers)
                assert got.status_code in {404, 405}, (method, address)
                assert "json" in got.headers["Content-Type"] or got.status_code == 405
