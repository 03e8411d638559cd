import json

import pytest

from muniment.agents.models import Agent
from muniment.agents.selectors import agents, isolation
from muniment.agents.services import create_agent, delete_agent
from muniment.agents.types import AgentState
from muniment.audit.models import Outbox
from muniment.core.errors import NotFoundError
from muniment.core.registries import start_steps
from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.keyring import Keyring
from muniment.ingest.events import DOCUMENT_ADDED
from muniment.ingest.services import add_document
from muniment.silo.services import key_facts, location
from tests.cast import Person


@pytest.fixture
def charter(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Charter")


def test_its_key_its_file_and_its_row_are_gone(charter: Agent, alice: Person, keyring: Keyring) -> None:
    assert isolation(alice.actor, charter).bytes > 0
    assert keyring.open(key_facts(charter.silo))
    delete_agent(actor=alice.actor, agent=charter)
    with pytest.raises(KeyDestroyedError):
        keyring.open(key_facts(charter.silo))
    assert not location(charter.silo).exists()
    assert not Agent.objects.filter(pk=charter.pk).exists()


def test_it_is_deleted_once(charter: Agent, alice: Person) -> None:
    delete_agent(actor=alice.actor, agent=charter)
    with pytest.raises(NotFoundError):
        delete_agent(actor=alice.actor, agent=charter)


def test_acts_in_it_that_wait_for_the_log_reach_it(charter: Agent, alice: Person) -> None:
    add_document(actor=alice.actor, agent=charter, name="deed.txt", source=[b"The deed of the reading room."])
    delete_agent(actor=alice.actor, agent=charter)
    assert (charter.silo, DOCUMENT_ADDED.name) in _waiting()


def _waiting() -> set[tuple[str, str]]:
    """What the control plane's outbox holds: the silo that said it, and the kind."""
    return {(row.silo, json.loads(bytes(row.body))["event"]["kind"]) for row in Outbox.objects.all()}


def test_a_crash_after_the_decision_is_finished_at_the_next_start(charter: Agent, alice: Person) -> None:
    Agent.objects.filter(pk=charter.pk).update(state=AgentState.ERASING)
    assert list(agents(alice.actor)) == []
    start_steps.get("agents:erasures")()
    assert not location(charter.silo).exists()
    assert not Agent.objects.filter(pk=charter.pk).exists()
