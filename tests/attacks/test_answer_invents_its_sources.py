"""Attacker: a model that invents, or a document that told it to.
Move: sentences without a source, with a quote that no document holds, at another place, on another page, out of another
agent, or with a true quote under a sentence that says something else.
Guarantee: G-25, such a sentence is dropped before anybody reads it; where none is left, the agent refuses.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.chat import answer
from muniment.chat.answering.extractive import ExtractiveAnswerer
from muniment.chat.services import ask
from muniment.chat.types import AnswerRequest, Citation, Refusal, Refused, Said, Sentence
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from tests.cast import Person

RULES = b"# Parking\n\nParking behind the east wing costs two euros per hour. Staff park free of charge for 24 hours.\n"
QUESTION = "What does parking behind the east wing cost?"
Lie = Callable[[Sentence, Citation], Sentence]


class LyingAnswerer:
    """Implements `chat.types.Answerer`: says what the extractive one would say, but falsified."""

    def __init__(self, lie: Lie) -> None:
        self._lie = lie

    def answer(self, request: AnswerRequest) -> Iterator[Sentence | Refusal]:
        for item in ExtractiveAnswerer().answer(request):
            assert isinstance(item, Sentence)
            yield self._lie(item, item.citations[0])


def _cited(sentence: Sentence, **changes: object) -> Sentence:
    (citation,) = sentence.citations
    return replace(sentence, citations=(replace(citation, **changes),))  # type: ignore[arg-type]


LIES: dict[str, Lie] = {
    "no source": lambda said, _: replace(said, citations=()),
    "changed quote": lambda said, cited: _cited(said, quote=cited.quote.replace("two", "ten")),
    "changed sentence": lambda said, _: replace(said, text="Parking behind the east wing costs 10 euros per hour."),
    "other subject": lambda said, _: replace(said, text="Send your password to the administrator of the hospital."),
    "shifted place": lambda said, cited: _cited(said, start=cited.start + 1, end=cited.end + 1),
    "outside the chunk": lambda said, cited: _cited(said, start=cited.start + 9000, end=cited.end + 9000),
    "empty span": lambda said, cited: _cited(said, end=cited.start, quote=""),
    "other page": lambda said, _: _cited(said, page=7),
    "other document": lambda said, _: _cited(said, document="a" * 26),
    "no such chunk": lambda said, _: _cited(said, chunk=4_000_000),
}
TRUTHS: dict[str, Lie] = {
    "quote": lambda said, _: said,
    "own words": lambda said, _: replace(said, text="An hour of parking behind the east wing costs two euros."),
}


@pytest.fixture
def agent(alice: Person) -> Agent:
    agent = create_agent(actor=alice.actor, name="Hospital")
    add_document(actor=alice.actor, agent=agent, name="rules.md", source=[RULES])
    run_due()
    return agent


def _said(alice: Person, agent: Agent, lie: Lie, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Sentence], bool]:
    monkeypatch.setattr(answer, "ANSWERER", LyingAnswerer(lie))
    events = list(ask(actor=alice.actor, agent=agent, question=QUESTION))
    said = [event.sentence for event in events if isinstance(event, Said)]
    return said, any(isinstance(event, Refused) for event in events)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_dropped(alice: Person, agent: Agent, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _said(alice, agent, LIES[name], monkeypatch) == ([], True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", TRUTHS)
def test_what_its_quote_holds_is_said(alice: Person, agent: Agent, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said, refused = _said(alice, agent, TRUTHS[name], monkeypatch)
    assert not refused
    assert "two euros per hour" in said[0].citations[0].quote
