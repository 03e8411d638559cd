"""Attacker: Mallory, of another team, and Bob, who knows ids of things beside his own. Move: puts the id of somebody
else's thing into every address that takes one, and a thing of one agent under the address of another (IDOR).
Guarantees: G-13, G-16, G-22. It is not there: the answer is the one for an id that never was, for pages and for the
API, and nothing changes."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from muniment.accounts.models import Passkey, TrustedBrowser
from muniment.accounts.selectors import sessions_of
from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.core.clock import now
from muniment.core.ids import new_id
from muniment.core.permissions import Permission
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.teams.types import Role
from tests.accounts.second_factors import confirm
from tests.accounts.security_key import registered
from tests.attacks.test_addresses_answer_by_role import (
    FOREIGN,
    GRANTED,
    TEAMS,
    Row,
    Stage,
    answer,
    at,
    everything,
    rows,
    stage,  # noqa: F401 - a fixture
)
from tests.attacks.test_api_answers_by_role import answer as answer_of_api
from tests.attacks.test_api_answers_by_role import made
from tests.attacks.test_api_answers_by_role import rows as rows_of_api
from tests.attacks.test_forged_forms import written
from tests.cast import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
OPEN_TO_NONE = "none here"
NOBODYS = "<(use|picture)>"  # a word of a link, and a drawing in the package: the same to everyone


def naming() -> list[Row]:
    """Every address of a page with the id of a thing in it, but those that a provider and its browsers come to, whoever
    they are: what they say counts for that connection alone (tests/attacks/test_providers_go_beyond_their_team.py).
    """
    return [row for row in rows() if "<" in re.sub(NOBODYS, "", row.address) and not row.asks.startswith("open")]


def hers(stage: Stage) -> dict[str, str]:  # noqa: F811
    """A passkey, a session and a trusted browser of Alice's."""
    registered(stage.team)
    browser = TrustedBrowser.objects.create(
        user=stage.team.user, token_hash=b"x" * 32, device="Chrome", expires_at=now() + timedelta(days=1)
    )
    (session,) = sessions_of(stage.team.actor, user=stage.team.user)[:1]
    return {"passkey": Passkey.objects.get().pk, "session": session.id, "browser": browser.pk}


def test_by_every_address_of_pages(stage: Stage) -> None:  # noqa: F811
    """All of Mallory's are answered 404, with everything that is Alice's left as it was; Alice's own are not."""
    things, mallory = everything(stage) | hers(stage), signed_in(stage.stranger.user)
    confirm(mallory)
    before = written()
    found = {str(row): answer(mallory, row, things, stage.data(row, things)) for row in naming()}
    assert {row for row, got in found.items() if got != "none"} == set()
    assert written() == before
    assert len(found) >= 45
    alice = stage.client(Role.OWNER, naming()[0])
    opened = [row for row in naming() if row.method == "GET" and not row.asks.endswith((OPEN_TO_NONE, "chat user"))]
    assert {answer(alice, row, things, {}) for row in opened} <= {"yes", "sign in"}


def test_by_every_address_of_the_api(stage: Stage) -> None:  # noqa: F811
    token, agent = made(stage.stranger), stage.agents["", TEAMS]["agent"]
    named = [row for row in rows_of_api() if "<" in row.address]
    assert {str(row) for row in named if answer_of_api(row, agent, token) != 404} == set()
    own = stage.agents["", FOREIGN]["agent"]
    reads = [row for row in named if row.method == "GET" and not row.asks.endswith(("none here", "told why not"))]
    assert {answer_of_api(row, own, token) for row in reads} == {200}


def test_by_the_id_of_nothing_in_the_same_words(stage: Stage) -> None:  # noqa: F811
    """The page for a thing of another team is the page for one that never was."""
    things, mallory = everything(stage), signed_in(stage.stranger.user)
    never = {name: "9" * 9 if value.isdecimal() else new_id() for name, value in things.items()}
    for row in [row for row in naming() if row.method == "GET"]:
        pages = [mallory.get(at(row.address, one)).content.decode() for one in (things, never)]
        words = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]*"', "", page) for page in pages]
        assert words[0] == words[1], row


def test_by_a_thing_under_the_address_of_another_agent(stage: Stage) -> None:  # noqa: F811
    """Also for the owner, who may read both: what is asked for by one agent is of that agent."""
    one, other = stage.agents["", TEAMS], stage.agents["", GRANTED]
    alice = signed_in(stage.team.user)
    mixed = stage.things | one | {name: other[name] for name in ("document", "conversation")}
    for row in naming():
        if row.is_of_an_agent and re.search("<(document|conversation)>", row.address):
            assert answer(alice, row, mixed | stage.fresh(row, one), {"title": "Mine"}) == "none", row
    fresh = stage.fresh(Row("POST", "<grant>", ""), other)
    assert answer(alice, Row("POST", "/agents/<agent>/people/<grant>/revoke", ""), one | fresh, {}) == "none"
    assert answer(alice, Row("POST", "/agents/<agent>/people/<grant>/revoke", ""), other | fresh, {}) == "yes"


def test_by_a_body_that_names_a_thing_of_another(stage: Stage) -> None:  # noqa: F811
    """Ids in forms count like ids in addresses: documents of another agent are neither tried again nor deleted."""
    one, alice = create_agent(actor=stage.team.actor, name="One"), signed_in(stage.team.user)
    add_document(actor=stage.team.actor, agent=one, name="a", source=[b"Parking costs two euros."])
    run_due()
    theirs = stage.agents["", FOREIGN]
    before = Agent.objects.count()
    for act in ("delete", "retry"):
        alice.post(f"/agents/{one.pk}/documents/{act}", {"document": theirs["document"]})
    alice.post(f"/agents/{one.pk}/feedback", {"message": theirs["message"], "verdict": "up"})
    token = made(stage.stranger, permissions=frozenset(Permission))
    document = f"/api/muniment/agents/{theirs['agent']}/documents/{theirs['document']}"
    assert Client().get(document, headers={"authorization": f"Bearer {token}"}).json()["state"] == "live"
    assert Agent.objects.count() == before
    away = alice.post("/team/switch", {"team": stage.stranger.team.pk})
    assert away.status_code == 404
