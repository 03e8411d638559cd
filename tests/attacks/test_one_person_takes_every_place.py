"""Attacker: a member. Moves: asks so many questions at once that nobody else is answered; has questions waiting when
taken out of the team. Guarantee: G-37."""

import asyncio
from collections.abc import Iterator
from threading import Event

import pytest
from django.test import AsyncClient

from muniment.agents.models import Agent
from muniment.chat.models import Conversation
from muniment.chat.services import answers
from muniment.teams.services import remove_member
from tests.cast import Person
from tests.chat.conftest import PARKING, agent, ask, only, parsed, stream  # noqa: F401 - a fixture among them


def heap(person: Person) -> Event:
    """More questions of this person than there are places; none is answered before this is set."""
    over, begun = Event(), Event()
    answers.submit(person.actor.ref, lambda: (begun.set(), over.wait()))
    for _ in range(3 * answers.places):
        answers.submit(person.actor.ref, over.wait)
    assert begun.wait(20)
    return over


@pytest.fixture
def bobs_heap(bob: Person) -> Iterator[Event]:
    over = heap(bob)
    yield over
    over.set()


def test_others_are_answered_while_a_heap_of_questions_waits(alice: Person, agent: Agent, bobs_heap: Event) -> None:  # noqa: F811
    assert "two euros per hour" in only(stream(alice, agent, PARKING), "done")[0]["html"]
    assert "#turn-" in ask(alice, agent, PARKING)


def test_a_question_waiting_for_its_turn_is_not_answered_after_its_person_left_the_team(
    alice: Person,
    bob: Person,
    agent: Agent,  # noqa: F811
    bobs_heap: Event,
) -> None:
    """The control: the same question, asked by somebody who stays."""
    client, owner = AsyncClient(), alice.actor
    client.cookies = bob.client.cookies

    async def asked_before_and_answered_after() -> bytes:
        form = {"question": PARKING}
        response = await client.post(f"{agent.url}/ask", form, headers={"Accept": "text/event-stream"})
        pieces = response.streaming_content
        first = await anext(pieces)  # it waits for its turn now
        await asyncio.to_thread(remove_member, actor=owner, team=alice.team, user=bob.user)
        bobs_heap.set()
        return bytes(first + b"".join([piece async for piece in pieces]))

    events = parsed(asyncio.run(asked_before_and_answered_after()))
    assert [name for name, _ in events] == ["status", "error"]
    assert "two euros" not in str(events)
    assert not Conversation.objects.filter(person=bob.user.ref).exists()
    assert only(stream(alice, agent, PARKING), "done")
