"""The copy of an agent masks what the agent masks, in the same way, and reads along what it reads."""

from typing import Any

import pytest
from django.test import Client

from muniment.agents.models import Agent
from muniment.agents.selectors import masking_rules, reads_along
from muniment.agents.services import create_agent, open_silo, update_agent
from muniment.agents.types import MaskingMode, MaskingRules, ReadAlong
from muniment.api.numbers import number, ref_of
from muniment.core.permissions import Permission
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document, change_masking, change_reading
from muniment.jobs.services import run_due
from muniment.llm.types import LOCAL
from muniment.pii.types import Selection
from muniment.teams.services import create_key
from muniment.teams.types import KeyDraft
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
STRICT = MaskingRules(MaskingMode.MASK, Selection(terms=("Nightjar",)))
TEXT = "Nightjar opens in May. Anna Schmidt leads it."


@pytest.fixture
def agent(alice: Person) -> Agent:
    """Strict where a new agent is not, in each of its settings."""
    made = create_agent(actor=alice.actor, name="Projects", instructions="Be brief.")
    update_agent(actor=alice.actor, agent=made, no_answer="Ask Bob.", retention_days=7, provider=LOCAL)
    change_masking(actor=alice.actor, agent=made, rules=STRICT)
    change_reading(actor=alice.actor, agent=made, along=[ReadAlong.COMMENT])
    add_document(actor=alice.actor, agent=made, name="plan.txt", source=[TEXT.encode()])
    run_due()
    return made


def copy_of(alice: Person, agent: Agent) -> Agent:
    key = create_key(actor=alice.actor, team=alice.team, draft=KeyDraft("Program", frozenset(Permission)))
    address = f"/api/v1/projects/{number(agent.pk)}/replicate"
    answer: Any = Client().post(address, headers={"authorization": f"Bearer {key.token}"})
    assert answer.status_code == 201, answer.content
    run_due()
    return Agent.objects.get(pk=ref_of(answer.json()["data"]["id"]))


def test_it_is_set_up_alike(alice: Person, agent: Agent) -> None:
    copy = copy_of(alice, agent)
    silo = open_silo(actor=alice.actor, agent=copy, permission=Permission.AGENT_UPDATE)
    assert masking_rules(alice.actor, copy, silo) == STRICT
    assert reads_along(alice.actor, copy) == (ReadAlong.COMMENT,)
    alike = ("instructions", "no_answer", "retention_days", "provider")
    assert [getattr(copy, name) for name in alike] == ["Be brief.", "Ask Bob.", 7, LOCAL]


def test_its_documents_are_masked_alike(alice: Person, agent: Agent) -> None:
    ((one,), (other,)) = (documents(alice.actor, each) for each in (agent, copy_of(alice, agent)))
    assert one.masked == other.masked > 1
    assert one.is_masked_for_good
    assert other.is_masked_for_good
