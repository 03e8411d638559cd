"""Attacker: sits at a browser of Bob's, who was suspended, or may less by now, or whose agent was deleted. Move: goes
on asking the thread that answered a moment ago, and remembers who acts. Guarantee: G-123; decision 0026.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from muniment.agents.models import Agent
from muniment.agents.selectors import agent as found
from muniment.agents.services import create_agent, delete_agent, update_agent
from muniment.core.errors import NotFoundError
from muniment.teams.services import change_role, suspend_member
from muniment.teams.types import Role
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
Ask = Callable[[str], int]


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Wards")


@pytest.fixture
def ask(bob: Person, agent: Agent) -> Iterator[Ask]:
    """Bob's browser, answered by one and the same thread, which has answered it before."""
    with ThreadPoolExecutor(1) as thread:

        def status(address: str) -> int:
            return thread.submit(lambda: bob.client.get(address).status_code).result()

        for address in (agent.url, agent.url, agent.url, "/agents/new"):
            assert status(address) == 200
        yield status
        thread.submit(connections.close_all).result()


def test_who_acts_is_found_once(bob: Person, agent: Agent) -> None:
    """The control: without it nothing here is remembered, and the refusals below say nothing."""
    for _ in range(3):  # the first ones write into the session, which voids what was found
        bob.client.get(agent.url)
    with CaptureQueriesContext(connection) as asked:
        assert bob.client.get(agent.url).status_code == 200
    tables = [query["sql"] for query in asked.captured_queries]
    assert not [sql for sql in tables if "agents_agentgrant" in sql]
    assert not [sql for sql in tables if 'FROM "agents_agent"' in sql and "LIMIT 21" in sql]


def test_who_was_suspended_is_out_at_once(alice: Person, bob: Person, agent: Agent, ask: Ask) -> None:
    suspend_member(actor=alice.actor, team=bob.team, user=bob.user)
    assert ask(agent.url) != 200


def test_a_lesser_role_is_lesser_at_once(alice: Person, bob: Person, ask: Ask) -> None:
    change_role(actor=alice.actor, team=bob.team, user=bob.user, role=Role.CHAT_ONLY)
    assert ask("/agents/new") == 403


def test_a_deleted_agent_is_gone_at_once(alice: Person, agent: Agent, ask: Ask) -> None:
    delete_agent(actor=alice.actor, agent=agent)
    assert ask(agent.url) == 404


def test_what_one_request_changes_in_its_agent_is_its_own(alice: Person, agent: Agent) -> None:
    for _ in range(2):
        mine = found(alice.actor, agent.pk)
        assert mine.name == "Wards"
        mine.name = "Never saved"
    update_agent(actor=alice.actor, agent=mine, name="Clinics")
    assert found(alice.actor, agent.pk).name == "Clinics"
    with pytest.raises(NotFoundError):
        found(alice.actor, "a" * 26)
