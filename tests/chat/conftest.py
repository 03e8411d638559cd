"""An agent with documents, and the ways to ask it through its pages."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import AsyncClient

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.chat import services
from muniment.chat.types import Said
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from tests.cast import Person
from tests.llm.conftest import gate, provide  # noqa: F401 - fixtures

POLICY = """# Visiting hours

Visitors are welcome on all wards from 14:00 to 19:00. On the intensive care unit two visitors may stay at a time.

# Parking

Parking behind the east wing costs two euros per hour. Staff park free of charge in the garage under building C.

# Hygiene

Everybody who enters a ward disinfects both hands for thirty seconds. Flowers in soil are not allowed on any ward.
"""
PARKING = "What does parking behind the east wing cost?"
FOOTBALL = "Who won the football world cup in 1974?"


@pytest.fixture
def agent(transactional_db: None, alice: Person) -> Agent:
    """Alice's, with one live document."""
    made = create_agent(actor=alice.actor, name="Hospital")
    add(alice, made, "policy.md", POLICY.encode())
    return made


def add(person: Person, agent: Agent, name: str, content: bytes) -> str:
    """A live document; its id."""
    added = add_document(actor=person.actor, agent=agent, name=name, source=[content])
    run_due()
    return added.document


def knows(person: Person, content: str) -> Agent:
    """An agent that knows one text and nothing else."""
    made = create_agent(actor=person.actor, name="Knows one text")
    add(person, made, "text.md", content.encode())
    return made


def said(person: Person, agent: Agent, question: str) -> list[str]:
    """The sentences of the answer; none where it is refused."""
    events = services.ask(actor=person.actor, agent=agent, question=question)
    return [event.sentence.words for event in events if isinstance(event, Said)]


def ask(person: Person, agent: Agent, question: str, **fields: str) -> str:
    """Asks with the plain form; the address of the conversation, with the turn."""
    response = person.client.post(f"{agent.url}/ask", {"question": question, **fields})
    assert response.status_code == 302, response.content
    return str(response["Location"])


Events = list[tuple[str, Any]]


def stream(person: Person, agent: Agent, question: str, **fields: str) -> Events:
    """Asks as the page's script does, through the asynchronous stack; the events."""
    client = AsyncClient()
    client.cookies = person.client.cookies
    return parsed(asyncio.run(_streamed(client, f"{agent.url}/ask", {"question": question, **fields})))


async def _streamed(client: AsyncClient, address: str, fields: dict[str, str]) -> bytes:
    response = await client.post(address, fields, headers={"Accept": "text/event-stream"})
    assert response.status_code == 200
    assert response["Content-Type"] == "text/event-stream; charset=utf-8"
    return b"".join([piece async for piece in response.streaming_content])


def parsed(body: bytes) -> Events:
    events: Events = []
    for block in body.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if lines:
            assert set(lines) == {"event", "data"}
            events.append((lines["event"], json.loads(lines["data"])))
    return events


def only(events: Events, name: str) -> list[Any]:
    return [data for each, data in events if each == name]


Ask = Callable[..., str]
