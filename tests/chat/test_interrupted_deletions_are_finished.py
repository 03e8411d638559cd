"""A process died between silo and index when it deleted a conversation: the next start takes it out of the index, and
no deletion is in the log twice."""

import pytest
from django.db.models import QuerySet

from muniment.agents.models import Agent
from muniment.audit.models import Entry
from muniment.audit.services import checkpoint_now
from muniment.chat.models import Conversation
from muniment.chat.selectors import conversations_held
from muniment.chat.services import delete_conversation
from muniment.core.registries import start_steps
from muniment.crypto.keyring import Keyring
from muniment.silo.sealed import Silo
from tests.cast import Person
from tests.chat.conftest import FOOTBALL, PARKING, ask


def _asked(person: Person, agent: Agent, question: str) -> str:
    return ask(person, agent, question).partition("#")[0].rpartition("/")[2]


@pytest.fixture
def left(alice: Person, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> str:
    """A conversation that is erased in its silo, and in the index still."""
    conversation = _asked(alice, agent, PARKING)

    def die(_: QuerySet[Conversation]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(QuerySet, "delete", die)
    with pytest.raises(KeyboardInterrupt):
        delete_conversation(actor=alice.actor, agent=agent, conversation=conversation)
    monkeypatch.undo()
    assert Conversation.objects.filter(pk=conversation).exists()
    return conversation


def _erasures(conversation: str) -> int:
    checkpoint_now()
    return Entry.objects.filter(kind="agent:conversation:erased", subject=conversation).count()


def test_the_next_start_takes_it_out_of_the_index(alice: Person, agent: Agent, left: str) -> None:
    kept = _asked(alice, agent, FOOTBALL)
    start_steps.get("chat:erasures")()
    assert list(Conversation.objects.values_list("pk", flat=True)) == [kept]
    assert conversations_held(alice.actor, agent) == 1
    assert alice.client.get(f"{agent.url}/conversations/{kept}").status_code == 200
    assert _erasures(left) == 1


def test_so_does_a_death_before_the_key_was_destroyed(
    alice: Person, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = _asked(alice, agent, PARKING)

    def die(_: Silo) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Silo, "finish_erasures", die)
    with pytest.raises(KeyboardInterrupt):
        delete_conversation(actor=alice.actor, agent=agent, conversation=conversation)
    monkeypatch.undo()
    start_steps.get("chat:erasures")()
    assert not Conversation.objects.exists()
    assert _erasures(conversation) == 1


def test_deleted_again_it_is_in_the_log_once(alice: Person, agent: Agent, left: str) -> None:
    delete_conversation(actor=alice.actor, agent=agent, conversation=left)
    assert not Conversation.objects.exists()
    assert _erasures(left) == 1


def test_what_cannot_be_opened_is_left_as_it_is(alice: Person, agent: Agent, left: str, keyring: Keyring) -> None:
    """Its keys may come back with a copy of its ring: nothing is taken for erased that is only lost."""
    _asked(alice, agent, FOOTBALL)
    ring = keyring.folder / "rings" / f"{agent.silo}.ring"
    whole = ring.read_bytes()
    ring.unlink()
    start_steps.get("chat:erasures")()
    assert Conversation.objects.count() == 2
    ring.write_bytes(whole)
    start_steps.get("chat:erasures")()
    assert Conversation.objects.count() == 1
