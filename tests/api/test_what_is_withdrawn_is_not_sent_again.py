"""While an answer is sent, a document of it is erased: what is left is not sent twice, what is gone not counted."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.api.openai.completions import Completion
from muniment.api.streaming import Growing
from muniment.chat.types import AskEvent, Citation, Question, Said, Sentence, Started, Withdrawn
from muniment.core.ids import new_id
from tests.cast import Person

GONE, STAYS = new_id(), new_id()


@pytest.fixture
def agent(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Herbarium", instructions="")


def said(words: str, document: str, number: int) -> Said:
    return Said(Sentence(words, (Citation(document, 0, None, 0, len(words), words),)), (number,))


def events() -> Iterator[AskEvent]:
    yield Started(new_id(), new_id(), Question("When?", "When?"))
    yield said("It opened.", GONE, 1)
    yield said("It closed.", STAYS, 2)
    yield Withdrawn(frozenset({GONE}))
    yield said("It moved.", STAYS, 3)


def deltas(chunks: Iterator[bytes]) -> list[dict[str, Any]]:
    told = [json.loads(chunk[6:]) for chunk in chunks if chunk.startswith(b"data: {")]
    return [one["choices"][0]["delta"] for one in told if one["choices"]]


def test_in_chunks(alice: Person, agent: Agent) -> None:
    completion = Completion(actor=alice.actor, agent=agent, question="When?")
    contents = [one["content"] for one in deltas(completion.chunks(events(), with_usage=False)) if one.get("content")]
    assert contents == ["It opened. [1]", " It closed. [2]", " It moved. [3]"]
    assert [one.sentence.text for one in completion.said] == ["It closed.", "It moved."]


def test_where_all_is_withdrawn_the_refusal_is_sent(alice: Person, agent: Agent) -> None:
    only = [Started(new_id(), new_id(), Question("When?", "When?")), said("It opened.", GONE, 1)]
    completion = Completion(actor=alice.actor, agent=agent, question="When?")
    chunks = completion.chunks(iter([*only, Withdrawn(frozenset({GONE}))]), with_usage=False)
    contents = [one["content"] for one in deltas(chunks) if one.get("content")]
    assert contents[0] == "It opened. [1]"
    assert "nothing to search" in contents[-1]


def test_what_grew_is_told_once() -> None:
    growing = Growing()
    assert [growing.grown(text) for text in ("a", "a b", "b", "b c", "")] == ["a", " b", "", " c", ""]
