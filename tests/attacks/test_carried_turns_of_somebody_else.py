"""Attacker: Bob and Mallory, who got hold of what Alice's page carries; Alice herself, who makes some up.

Move: brings it back with a question of their own, to another agent, changed by a byte, after half a day, after the
server was started again, as words in clear; has an agent that keeps conversations answer a page that says it does not.

Guarantee: G-99. Each is refused with a sentence before anything is answered, and nothing of it is shown or stored.
"""

from datetime import timedelta
from unittest.mock import patch

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.agents.types import AtOnce, MaskingMode
from muniment.chat.errors import CarriedError, KeepingChangedError
from muniment.chat.models import Conversation
from muniment.chat.selectors import carried_turns
from muniment.chat.services import ask
from muniment.chat.types import Finished
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.crypto import fleeting
from muniment.ingest.services import change_deletion
from tests.cast import Person
from tests.chat.conftest import POLICY, add, only, stream

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "What does parking behind the east wing cost the lanternfish?"
UNKEPT = AtOnce(conversations=True)


def made(alice: Person) -> Agent:
    agent = create_agent(actor=alice.actor, name="Hospital", masking=MaskingMode.OFF, deletes=UNKEPT)
    add(alice, agent, "policy.md", POLICY.encode())
    return agent


@pytest.fixture
def agent(alice: Person) -> Agent:
    return made(alice)


def carried_by(person: Person, agent: Agent, carries: str = "") -> str:
    events = ask(actor=person.actor, agent=agent, question=SECRET, carries=carries)
    return next(event.carried for event in events if isinstance(event, Finished)) or ""


def refused(person: Person, agent: Agent, carries: str) -> None:
    with pytest.raises(CarriedError):
        list(ask(actor=person.actor, agent=agent, question="And on Sundays?", carries=carries))
    with pytest.raises(CarriedError):
        carried_turns(person.actor, agent, carries)
    page = person.client.post(f"{agent.url}/ask", {"question": "And on Sundays?", "carries": carries})
    assert "cannot be used any more" in page.context["trouble"]
    assert page.context["typed"] == "And on Sundays?"
    assert page.context["turns"] == []
    assert "lanternfish" not in page.content.decode()


def test_the_one_who_asked_goes_on(alice: Person, agent: Agent) -> None:
    carries = carried_by(alice, agent)
    assert "lanternfish" not in carries
    assert [turn.question for turn in carried_turns(alice.actor, agent, carries)] == [SECRET]
    assert len(carried_turns(alice.actor, agent, carried_by(alice, agent, carries))) == 2


def test_a_colleague_is_refused(alice: Person, bob: Person, agent: Agent) -> None:
    refused(bob, agent, carried_by(alice, agent))


def test_another_team_finds_no_agent(alice: Person, mallory: Person, agent: Agent) -> None:
    carries = carried_by(alice, agent)
    assert mallory.client.post(f"{agent.url}/ask", {"question": "x", "carries": carries}).status_code == 404
    with pytest.raises(NotFoundError):
        carried_turns(mallory.actor, agent, carries)


def test_another_agent_is_refused(alice: Person, agent: Agent) -> None:
    refused(alice, made(alice), carried_by(alice, agent))


@pytest.mark.parametrize("made_up", ["changed", "cut", "clear", "unicode", "long"])
def test_what_was_not_handed_out_is_refused(alice: Person, agent: Agent, made_up: str) -> None:
    carries = carried_by(alice, agent)
    flipped = "B" if carries[40] == "A" else "A"
    refused(
        alice,
        agent,
        {
            "changed": carries[:40] + flipped + carries[41:],
            "cut": carries[:-8],
            "clear": '[["00", "{}"]]',
            "unicode": "ä" * 60,
            "long": "A" * 1_600_000,
        }[made_up],
    )


def test_after_half_a_day_and_after_a_start_it_is_refused(alice: Person, agent: Agent) -> None:
    carries = carried_by(alice, agent)
    with patch.object(fleeting, "now", lambda: now() + timedelta(hours=12, minutes=1)), pytest.raises(CarriedError):
        carried_turns(alice.actor, agent, carries)
    fleeting._key.cache_clear()
    refused(alice, agent, carries)


def test_the_stream_says_that_it_is_forgotten(alice: Person, bob: Person, agent: Agent) -> None:
    (error,) = only(stream(bob, agent, "And on Sundays?", carries=carried_by(alice, agent)), "error")
    assert error["forgotten"] is True
    assert "cannot be used any more" in error["sentence"]


@pytest.mark.parametrize("carries", ["", "earlier turns"])
def test_a_page_that_says_it_is_not_stored_is_never_stored(alice: Person, agent: Agent, carries: str) -> None:
    carries = carried_by(alice, agent) if carries else ""
    change_deletion(actor=alice.actor, agent=agent, deletes=AtOnce())
    with pytest.raises(KeepingChangedError):
        list(ask(actor=alice.actor, agent=agent, question=SECRET, carries=carries))
    page = alice.client.post(f"{agent.url}/ask", {"question": SECRET, "carries": carries})
    assert "Nothing of this question was kept" in page.context["trouble"]
    assert page.context["typed"] == SECRET
    (error,) = only(stream(alice, agent, SECRET, carries=carries), "error")
    assert "Nothing of this question was kept" in error["sentence"]
    assert not Conversation.objects.filter(agent=agent).exists()


def test_a_stored_conversation_does_not_go_on_unstored(alice: Person, agent: Agent) -> None:
    """Half of it would be kept, and nobody could say which."""
    change_deletion(actor=alice.actor, agent=agent, deletes=AtOnce())
    list(ask(actor=alice.actor, agent=agent, question=SECRET))
    conversation = Conversation.objects.get(agent=agent)
    change_deletion(actor=alice.actor, agent=agent, deletes=UNKEPT)
    with pytest.raises(KeepingChangedError):
        list(ask(actor=alice.actor, agent=agent, question="And on Sundays?", conversation=conversation.pk))
