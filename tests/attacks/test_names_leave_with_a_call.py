"""Attacker: a provider that keeps and reads every byte it is sent.
Move: looks for a name that the gate masks, in questions, follow-ups, passages, headings, file names, instructions, the
owner's name for the provider, retries, another form of the body, and what failed before.
Guarantee: G-86, no byte of any call holds it, and what is no part of the answer (file names) does not go out at all;
nor is it in a log or an error.
"""

import logging

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import update_agent
from muniment.chat.services import ask
from muniment.chat.types import AskEvent, ModelDown, Started
from tests.cast import Person
from tests.chat.conftest import add
from tests.llm.conftest import MASKED, NAME, Providing, connect
from tests.llm.fake_provider import FakeProvider, failure, in_turn, said

PERSON = NAME.decode()
TEXT = f"# Keys of {PERSON}\n\nThe spare keys lie with {PERSON} in room 12. {PERSON} gives them out on Mondays.\n"
QUESTION = f"Where do the spare keys of {PERSON} lie?"
ANSWER = "The spare keys lie in room 12 [1]."
NEWER = failure("400 No", {"error": {"param": "max_tokens", "message": f"{PERSON} is wrong"}})
BUSY = failure("503 Busy", {"error": {"message": f"{PERSON} is busy"}}, "Retry-After: 0\r\n")
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("gate")]


def _asked(person: Person, agent: Agent, question: str, conversation: str | None = None) -> list[AskEvent]:
    return list(ask(actor=person.actor, agent=agent, question=question, conversation=conversation))


def _agent(person: Person, agent: Agent, provider: FakeProvider) -> Agent:
    add(person, agent, f"{PERSON} keys.md", TEXT.encode())
    known = connect(person, provider, name=f"For {PERSON}")
    wishes = f"Greet {PERSON} by name."
    return update_agent(actor=person.actor, agent=agent, provider=known.pk, instructions=wishes)


def test_no_byte_holds_the_name(
    alice: Person, agent: Agent, provide: Providing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    provider = provide(
        in_turn(NEWER, BUSY, said(ANSWER), failure("401 No", {"error": {"message": PERSON}}), said(ANSWER))
    )
    changed = _agent(alice, agent, provider)
    first = _asked(alice, changed, QUESTION)
    started = next(event for event in first if isinstance(event, Started))
    failed = _asked(alice, changed, "And the keys of the garage?", started.conversation)
    _asked(alice, changed, f"When does {PERSON} give out the spare keys?", started.conversation)
    assert len(provider.completions) == 5
    assert NAME not in provider.outbound
    assert b"Lovelace" not in provider.outbound
    assert MASKED in provider.outbound
    assert b"keys.md" not in provider.outbound
    assert PERSON not in caplog.text
    assert all(PERSON not in str(event.why) for event in failed if isinstance(event, ModelDown))


def test_without_the_gate_it_would_be_there(
    alice: Person, agent: Agent, provide: Providing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Positive control: through a gate that masks nothing goes what only the gate masks, the owner's instructions."""
    monkeypatch.setattr("muniment.core.registries.outbound_gates._entries", {"open": lambda content, **_: content})
    provider = provide(lambda _: said(ANSWER))
    _asked(alice, _agent(alice, agent, provider), QUESTION)
    assert NAME in provider.outbound
