"""Where a signed-in person starts: agents, conversations, and what should be known now."""

import re

import pytest
from django.urls import resolve

from muniment.agents.services import create_agent, grant_agent
from muniment.chat.services import ask
from muniment.console.frame import RAIL, TABS
from muniment.core.ids import new_id
from muniment.ingest.services import add_document
from muniment.jobs.models import Worker
from muniment.jobs.process import Process
from muniment.teams.models import Claim
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)


def names(page: str) -> list[str]:
    return re.findall(r'<a href="/agents/\w{26}">([^<]+)', page)


def test_an_agent_asked_last_comes_first(alice: Person) -> None:
    older, newer = (create_agent(actor=alice.actor, name=name) for name in ("Older", "Newer"))
    assert names(alice.client.get("/").content.decode()) == ["Newer", "Older"]
    list(ask(actor=alice.actor, agent=older, question="What does it say?"))
    page = alice.client.get("/").content.decode()
    assert names(page) == ["Older", "Newer"]
    assert f'href="{older.url}/conversations/' in page
    assert "What does it say?" in page
    assert newer.url in page


def test_a_guest_finds_what_is_shared_and_nothing_else(alice: Person, carol: Person) -> None:
    shared, _ = (create_agent(actor=alice.actor, name=name) for name in ("Shared", "Kept"))
    grant_agent(actor=alice.actor, agent=shared, user=carol.user.pk)
    list(ask(actor=alice.actor, agent=shared, question="A question of Alice"))
    page = carol.client.get("/").content.decode()
    assert names(page) == ["Shared"]
    assert "A question of Alice" not in page
    assert "New agent" not in page


def test_documents_that_wait_without_a_worker_are_told(alice: Person) -> None:
    agent = create_agent(actor=alice.actor, name="Charter")
    told = "Documents wait, and no worker is there to read them"
    assert told not in alice.client.get("/").content.decode()
    add_document(actor=alice.actor, agent=agent, name="a.txt", source=[b"a"])
    assert told in alice.client.get("/").content.decode()
    here = Process.of_this()
    Worker.objects.create(id=new_id(), machine=here.machine, pid=here.pid, started=here.started)
    assert told not in alice.client.get("/").content.decode()


def test_a_recovery_kit_that_nobody_confirmed_is_told_to_who_owes_it(alice: Person, bob: Person) -> None:
    told = "The recovery kit is not confirmed yet"
    Claim.objects.create(team=alice.team, user=alice.user)
    pages = [[person.client.get("/", follow=True) for _ in range(2)][1].content.decode() for person in (alice, bob)]
    assert [told in page for page in pages] == [True, False]


def test_every_entry_of_rail_and_tabs_leads_to_a_page_that_lights_it() -> None:
    for entry in RAIL:
        assert resolve(entry.path).view_name.startswith(entry.routes)
    for entry in TABS:
        assert resolve(f"/agents/{new_id()}{entry.path}").view_name.startswith(entry.routes)
