"""Attacker: whoever holds a key without the permission to see names. Move: asks for a person by the API, whole and in
chunks, by name, by follow-up, with turns that the client tells itself. Guarantee: G-124. Answers, sources and their
names are in stand-ins by this door too; a key that may see names reads them."""

import asyncio
import json
from typing import Any

import pytest
from django.test import AsyncClient, Client

from muniment.agents.models import Agent
from muniment.agents.selectors import masking
from muniment.agents.services import create_agent, open_silo
from muniment.chat.questions import Masker
from muniment.core.permissions import Permission
from muniment.teams.services import create_key
from muniment.teams.types import KEY_PRESETS, KeyDraft, KeyPreset
from tests.attacks.test_names_reach_only_who_may_read import LETTER, NAMES, QUESTIONS
from tests.cast import Person
from tests.chat.conftest import add

pytestmark = pytest.mark.django_db(transaction=True)
READER = KEY_PRESETS[KeyPreset.READ] | {Permission.NAME_VIEW}


@pytest.fixture
def payroll(alice: Person) -> Agent:
    made = create_agent(actor=alice.actor, name="Payroll")
    add(alice, made, "Margaret Holloway.md", LETTER)
    return made


def token(alice: Person, permissions: frozenset[Permission], *, service: bool) -> str:
    draft = KeyDraft("Key", permissions, is_service=service)
    return create_key(actor=alice.actor, team=alice.team, draft=draft).token


def asked(key: str, agent: Agent, *contents: str) -> str:
    """The answer with its sources, without the words that were sent."""
    messages = [{"role": ("user", "assistant")[at % 2], "content": text} for at, text in enumerate(contents)]
    body = {"model": agent.id, "messages": messages}
    headers = {"authorization": f"Bearer {key}"}
    answer = Client().post("/v1/chat/completions", body, content_type="application/json", headers=headers)
    assert answer.status_code == 200
    told = answer.json()
    del told["muniment"]["searched_for"]  # in the words of who asked
    return json.dumps(told).lower()


@pytest.mark.parametrize("service", [False, True])
def test_whole(alice: Person, payroll: Agent, service: bool) -> None:
    asks, reads = (token(alice, held, service=service) for held in (KEY_PRESETS[KeyPreset.ASK], READER))
    for question in QUESTIONS:
        assert not any(name in asked(asks, payroll, question) for name in NAMES), question
    for question in ("What does Holloway earn?", "Who earns 4200 euros per month?"):
        assert "4200 euros" in asked(asks, payroll, question)
        assert "holloway" in asked(reads, payroll, question)


def test_by_turns_that_a_client_tells(alice: Person, payroll: Agent) -> None:
    asks = token(alice, KEY_PRESETS[KeyPreset.ASK], service=True)
    turns = ("What does Margaret Holloway earn?", "Margaret Holloway earns 4200 euros.", "And her parking space?")
    assert not any(name in asked(asks, payroll, *turns) for name in NAMES)


def test_no_model_sees_what_a_client_tells(alice: Person, payroll: Agent) -> None:
    """Any of it may come to be searched for: question and answer alike."""
    silo = open_silo(actor=alice.actor, agent=payroll, permission=Permission.CONVERSATION_CREATE)
    masker = Masker(alice.actor, payroll, masking(alice.actor, payroll, silo))
    message, answer = masker.told("What does Margaret Holloway earn?", "Margaret Holloway earns 4200 euros.")
    assert "4200 euros" in answer
    assert not any(name in f"{message.searched_for} {answer}".lower() for name in NAMES)


def test_in_chunks(alice: Person, payroll: Agent) -> None:
    asks, reads = (token(alice, held, service=True) for held in (KEY_PRESETS[KeyPreset.ASK], READER))
    told = asyncio.run(_streamed(asks, payroll, "What does Holloway earn?"))
    assert "4200 euros" in told
    assert not any(name in told for name in NAMES)
    assert "holloway" in asyncio.run(_streamed(reads, payroll, "What does Holloway earn?"))


async def _streamed(key: str, agent: Agent, question: str) -> str:
    body = {"model": agent.id, "stream": True, "messages": [{"role": "user", "content": question}]}
    headers = {"authorization": f"Bearer {key}"}
    answer: Any = await AsyncClient().post(
        "/v1/chat/completions", body, content_type="application/json", headers=headers
    )
    pieces = [piece async for piece in answer.streaming_content]
    events = [json.loads(piece[6:]) for piece in pieces if piece.startswith(b"data: {")]
    for event in events:
        event.get("muniment", {}).pop("searched_for", None)
    return json.dumps(events).lower()
