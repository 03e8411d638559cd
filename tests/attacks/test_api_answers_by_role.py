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
from muniment.api.openai.routes import api as openai
from muniment.api.own.routes import api as own
from muniment.core.actors import system_in
from muniment.core.ids import new_id
from muniment.core.permissions import Permission
from muniment.core.requests import API
from muniment.ingest.services import add_document
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
    described = {"/v1": openai, "/api/muniment": own}
    found = set()
    for before, api in described.items():
        for path, methods in api.get_openapi_schema(path_prefix=before)["paths"].items():
            found |= {(method.upper(), re.sub(r"{(\w+)}", r"<\1>", path)) for method in methods}
    return found


def body(row: Row, agent: str) -> bytes:
    if row.method != "POST":
        return b""
    asked = {"model": agent, "messages": [{"role": "user", "content": "What does it say?"}]}
    return json.dumps(asked if row.address == "/v1/chat/completions" else new_id()).encode()


def answer(row: Row, agent: str, token: str | None, client: Client | None = None) -> int:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    address = row.address.replace("<model>", agent).replace("<agent>", agent)
    if "<document>" in address:
        found = Agent.objects.get(pk=agent)
        added = add_document(actor=system_in(found.team_id), agent=found, name="a", source=[new_id().encode()])
        address = address.replace("<document>", added.document)
    data, kind = body(row, agent), "application/json"
    address += "?name=a.txt" if row.method == "POST" and row.address.endswith("/documents") else ""
    got = (client or Client()).generic(row.method, address, data=data, content_type=kind, headers=headers)
    return int(got.status_code)


def made(whose: Person, **draft: Any) -> str:
    wanted = {"name": "Key", "permissions": ALL} | draft
    return create_key(actor=whose.actor, team=whose.team, draft=KeyDraft(**wanted)).token


def allowed(row: Row) -> int:
    """The status for who may."""
    if row.asks.endswith(", none here"):
        return 404
    return 201 if row.address.endswith("/documents") and row.method == "POST" else 200


def permission(row: Row) -> str:
    return row.asks.partition(",")[0]


def expected(row: Row, role: Role, relation: str) -> int:
    if row.asks == KEY:
        return 200
    if not holds(Permission.AGENT_VIEW, role, relation):
        return 404
    return allowed(row) if holds(permission(row), role, relation) else 403


def of_agents() -> list[Row]:
    return [row for row in rows() if row.asks != KEY]


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert {(row.method, row.address) for row in rows()} == routes()
    known = {re.sub(r"<\w+:(\w+)>", r"<\1>", address) for address in every_address(get_resolver().url_patterns)}
    assert {address for address in known if address.startswith(API)} == {row.address for row in rows()}
    assert {permission(row) for row in rows()} <= {KEY, *Permission}
    assert len(routes()) >= 10


@pytest.mark.django_db(transaction=True)
def test_a_persons_key_does_what_the_person_may(stage: Stage) -> None:  # noqa: F811
    wrong = []
    for role in BUILT_IN:
        if not holds(Permission.KEY_CREATE, role, ""):
            continue
        token = made(stage.people[role])
        for row in rows():
            for relation in RELATIONS:
                agent = (stage.agents.get((role, relation)) or stage.agents["", relation])["agent"]
                got = answer(row, agent, token)
                if got != expected(row, role, relation):
                    wrong.append(f"{row} by a key of {role}, {relation}: {got}")
    assert wrong == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("service", [False, True])
def test_a_key_does_what_it_says(stage: Stage, service: bool) -> None:  # noqa: F811
    """An owner's, and the team's own: of every permission alone, and for one agent of two."""
    one, other = (stage.agents["", relation]["agent"] for relation in (TEAMS, GRANTED))
    for asked in {permission(row) for row in of_agents()}:
        held = completed(frozenset({Permission(asked)}))
        token = made(stage.team, permissions=held, is_service=service)
        alone = made(stage.team, permissions=ALL, agents=frozenset({one}), is_service=service)
        for row in of_agents():
            assert answer(row, one, token) == (allowed(row) if permission(row) in held else 403), (row, asked)
            assert answer(row, one, alone) == allowed(row)
            assert answer(row, other, alone) == 404
            assert answer(row, stage.agents["", FOREIGN]["agent"], token) == 404


@pytest.mark.django_db(transaction=True)
def test_no_session_opens_it(stage: Stage) -> None:  # noqa: F811
    """A page elsewhere sends the owner's browser there; a signed-in person types the address."""
    client, agent = signed_in(stage.team.user, enforce_csrf_checks=True), stage.agents["", TEAMS]["agent"]
    token = made(stage.team)
    for row in rows():
        for wrong in (None, "", "nonsense", token[:-1], token.upper()):
            assert answer(row, agent, wrong, client) == 401, (row, wrong)
        assert answer(row, agent, token, client) == allowed(row)


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
