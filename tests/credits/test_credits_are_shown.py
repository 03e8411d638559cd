"""What a team uses, where people and programs look for it; names of agents to those alone who reach them."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.teams.services import add_member, create_key, departure
from muniment.teams.types import KEY_PRESETS, KeyDraft, KeyPreset, Role, Stake
from tests.cast import Person, person
from tests.credits.conftest import PARKING, add, ask, limit, words


def text(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


@pytest.fixture
def member(alice: Person) -> Person:
    user = person("dora")
    add_member(actor=alice.actor, team=alice.team, user=user, role=Role.MEMBER)
    return Person(user, alice.team)


def test_the_page_has_every_agent_with_its_words_and_answers(alice: Person, hospital: Agent) -> None:
    add(alice, create_agent(actor=alice.actor, name="Archive"), "a.txt", words(1_204))
    ask(alice, hospital, PARKING)
    shown = text(alice.client.get("/team/credits"))
    assert shown.index("Archive") < shown.index("Hospital")
    assert "1,204" in shown
    sorted_by_answers = text(alice.client.get("/team/credits?sort=queries"))
    assert sorted_by_answers.index("Hospital") < sorted_by_answers.index("Archive")


def test_agents_out_of_reach_are_one_sum(alice: Person, member: Person, agent: Agent) -> None:
    private = create_agent(actor=alice.actor, name="Grievances", personal=True)
    add(alice, agent, "a.txt", words(30))
    add(alice, private, "a.txt", words(12))
    shown = text(member.client.get("/team/credits"))
    assert "Grievances" not in shown
    assert "Agents that you do not see, and deleted ones 12 0" in shown
    assert "Grievances" in text(alice.client.get("/team/credits"))


def test_the_numbers_alone_come_again_by_themselves(alice: Person, agent: Agent) -> None:
    limit(alice, words=100)
    add(alice, agent, "a.txt", words(30))
    part = alice.client.get("/team/credits", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="credits"')
    assert 'hx-trigger="every 20s"' in part
    assert "30 of 100, 30 %" in part
    add_document(actor=alice.actor, agent=agent, name="b.txt", source=[words(10, "seed")])
    assert 'hx-trigger="every 2s"' in alice.client.get("/team/credits").content.decode()


def test_knowledge_and_the_rail_have_a_meter_where_there_is_a_limit(alice: Person, agent: Agent) -> None:
    add(alice, agent, "a.txt", words(30))
    assert "rail-meter" not in alice.client.get(f"{agent.url}/knowledge").content.decode()
    limit(alice, words=40)
    add(alice, agent, "b.txt", words(20, "seed"))
    page = alice.client.get(f"{agent.url}/knowledge")
    assert "rail-meter" in page.content.decode()
    assert "Words stored by the team 30 of 40, 75 %" in text(page)
    assert "waits until the team's limit has room for 20 more words" in text(page).replace("&#x27;", "'")
    assert "Waits for space" in text(page)
    assert "Try b.txt again" not in page.content.decode()
    only = text(alice.client.get(f"{agent.url}/knowledge?state=waiting"))
    assert "b.txt" in only
    assert "a.txt" not in only


@pytest.mark.usefixtures("agent")
def test_who_removes_somebody_sees_the_words(alice: Person, bob: Person) -> None:
    add(bob, create_agent(actor=bob.actor, name="Bob's"), "a.txt", words(25))
    counted = departure(actor=alice.actor, team=alice.team, user=bob.user)
    assert counted[Stake.WORDS] == 25
    shown = text(alice.client.get(f"/members/{bob.user.pk}/remove")).replace("&#x27;", "'")
    assert "25 words go on counting against the team's limit." in shown
    assert "25 words of the team's limit become free." in shown


def get(token: str, address: str) -> Any:
    return Client().get(address, headers={"authorization": f"Bearer {token}"})


def key(whose: Person, preset: KeyPreset) -> str:
    return create_key(actor=whose.actor, team=whose.team, draft=KeyDraft("Key", KEY_PRESETS[preset])).token


def test_customgpt_clients_read_limits_and_use(alice: Person, hospital: Agent) -> None:
    ask(alice, hospital, PARKING)
    used = json.loads(get(key(alice, KeyPreset.BUILD), "/api/v1/limits/usage").content)["data"]
    stored = used["current_total_storage_credits"]
    assert stored > 30
    assert (used["max_total_storage_credits"], used["max_queries"], used["max_projects_num"]) == (None, None, None)
    assert (used["current_queries"], used["current_projects_num"]) == (1, 1)
    limit(alice, words=5_000, queries=20)
    used = json.loads(get(key(alice, KeyPreset.BUILD), "/api/v1/limits/usage").content)["data"]
    assert (used["max_total_storage_credits"], used["max_queries"]) == (5_000, 20)
    assert get(key(alice, KeyPreset.ASK), "/api/v1/limits/usage").status_code == 403


def test_our_own_api_says_it_by_agent(alice: Person, agent: Agent) -> None:
    limit(alice, words=40)
    add(alice, agent, "a.txt", words(30))
    add(alice, agent, "b.txt", words(20, "seed"))
    run_due()
    found = get(key(alice, KeyPreset.ALL), "/api/muniment/credits").json()
    assert (found["words"], found["waiting"]) == ({"used": 30, "limit": 40}, 1)
    assert found["agents"] == [{"id": agent.pk, "words": 30, "queries": 0, "waiting": 1}]
    listed = get(key(alice, KeyPreset.ALL), f"/api/muniment/agents/{agent.pk}/documents?state=waiting").json()
    assert [one["name"] for one in listed["items"]] == ["b.txt"]
