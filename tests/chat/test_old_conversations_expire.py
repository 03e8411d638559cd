"""An agent that keeps conversations for some days erases older ones, by schedule; one that keeps them keeps them."""

from datetime import timedelta

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, update_agent
from muniment.chat.models import Conversation
from muniment.core.clock import now
from muniment.core.registries import schedules
from muniment.crypto.keyring import Keyring
from muniment.crypto.types import KeyKind, KeyRef
from muniment.jobs.services import enqueue, run_due
from tests.cast import Person
from tests.chat.conftest import FOOTBALL, PARKING, ask


def _aged(person: Person, agent: Agent, question: str, days: int) -> str:
    conversation = ask(person, agent, question).partition("#")[0].rpartition("/")[2]
    Conversation.objects.filter(pk=conversation).update(asked_at=now() - timedelta(days=days))
    return conversation


def test_only_what_is_older_than_its_agent_keeps_is_erased(alice: Person, agent: Agent, keyring: Keyring) -> None:
    update_agent(actor=alice.actor, agent=agent, retention_days=30)
    other = create_agent(actor=alice.actor, name="Keeps all")
    old, young, kept = (
        _aged(alice, agent, PARKING, 31),
        _aged(alice, agent, FOOTBALL, 29),
        _aged(alice, other, FOOTBALL, 400),
    )
    assert schedules.get("chat:expire").every == timedelta(hours=1)
    enqueue(actor=alice.actor, kind=schedules.get("chat:expire").kind, payload={})
    run_due()
    assert set(Conversation.objects.values_list("pk", flat=True)) == {young, kept}
    assert not keyring.holds(KeyRef(agent.silo, KeyKind.CONVERSATION, old))
    assert alice.client.get(f"{agent.url}/conversations/{old}").status_code == 404
    assert alice.client.get(f"{agent.url}/conversations/{young}").status_code == 200
