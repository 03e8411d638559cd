"""What is stored and asked, as it is put down, and an agent to do it with."""

from typing import Any

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.chat import services
from muniment.credits.selectors import team_use
from muniment.credits.services import set_limits
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.teams.selectors import operator_actor
from tests.cast import Person
from tests.chat.conftest import FOOTBALL, PARKING, POLICY
from tests.llm.conftest import gate, provide  # noqa: F401 - fixtures

__all__ = ["FOOTBALL", "PARKING"]


@pytest.fixture
def agent(transactional_db: None, alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Hospital")


@pytest.fixture
def hospital(alice: Person, agent: Agent) -> Agent:
    """The same, with a document to answer from."""
    add(alice, agent, "policy.md", POLICY.encode())
    return agent


def words(count: int, word: str = "herbarium") -> bytes:
    """A text of so many words, in sentences of ten."""
    pieces = [f"{word}{number}" + ("." if number % 10 == 9 else "") for number in range(count)]
    return " ".join(pieces).encode()


def add(person: Person, agent: Agent, name: str, content: bytes, **more: Any) -> str:
    """A document that was read; its id."""
    added = add_document(actor=person.actor, agent=agent, name=name, source=[content], **more).document
    run_due()
    return added


def limit(person: Person, *, words: int | None = None, queries: int | None = None) -> None:
    set_limits(actor=operator_actor(None), team=person.team.pk, words=words, queries=queries)
    run_due()


def stored(person: Person) -> int:
    return team_use(person.actor).words.used


def asked(person: Person) -> int:
    return team_use(person.actor).queries.used


def states(person: Person, agent: Agent) -> dict[str, str]:
    return {one.name: one.state.value for one in documents(person.actor, agent)}


def ask(person: Person, agent: Agent, question: str, **more: Any) -> list[Any]:
    return list(services.ask(actor=person.actor, agent=agent, question=question, **more))
