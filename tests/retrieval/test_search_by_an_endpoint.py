"""An agent that is searched by a model at an endpoint: written, changed to and from, and while it is down."""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, open_silo
from muniment.agents.types import MaskingMode, MaskingRules
from muniment.chat.services import ask
from muniment.chat.types import AskEvent, Found, ModelDown, Said
from muniment.core.clock import frozen, now
from muniment.core.permissions import Permission
from muniment.ingest.selectors import documents, masking_cost
from muniment.ingest.services import add_document, delete_documents
from muniment.jobs.services import run_due
from muniment.llm.services import embedder_name, packaged_embedder
from muniment.llm.types import PACKAGED_EMBEDDER
from muniment.retrieval import selectors
from muniment.retrieval.tasks import look_soon
from muniment.retrieval.types import Query
from muniment.silo.chunks import chunks_of
from tests.cast import Person
from tests.chat.conftest import stream
from tests.llm.endpoints import DIMENSION, embedding, endpoint_folder, ranking, vectors
from tests.llm.fake_provider import Asked, Brain, FakeProvider, Reply, failure

ROOMS = ("roof", "garden", "herbarium", "attic")
QUESTION = "What stands in the garden?"
DOWN = failure("503 Down", {"error": {"message": "the garden"}}, "Retry-After: 900\r\n")
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("gate")]


class Switch:
    """A brain that can be changed while its provider runs."""

    def __init__(self, brain: Brain) -> None:
        self.brain = brain

    def __call__(self, asked: Asked) -> Reply:
        return self.brain(asked)


@pytest.fixture
def brain() -> Switch:
    return Switch(embedding())


@pytest.fixture
def far(brain: Switch, provide: Callable[..., FakeProvider], tmp_path: Path, settings: Any) -> FakeProvider:
    """The embedding model of the installation is at this endpoint."""
    provider = provide(brain)
    settings.MUNIMENT_EMBEDDING_MODEL = str(endpoint_folder(tmp_path / "far", provider))
    return provider


def test_documents_come_in_and_are_found_by_it(alice: Person, far: FakeProvider) -> None:
    agent = house(alice)
    assert models(alice, agent) == {embedder_name()}
    before = len(far.asked)
    events = asked(alice, agent)
    assert room(events) == "garden"
    assert not found(events).by_words
    assert all(passage.similarity is not None for passage in found(events).passages)
    assert far.asked[before].body["input"][0] == QUESTION


def test_a_change_embeds_anew_while_the_old_one_is_searched(
    alice: Person,
    far: FakeProvider,
    brain: Switch,
    tmp_path: Path,
    provide: Callable[..., FakeProvider],
) -> None:
    agent, old = house(alice), embedder_name()
    look_soon()
    run_due()
    other = provide(embedding(DIMENSION + 8))
    folder = endpoint_folder(tmp_path / "other", other, name="other", dimension=DIMENSION + 8)
    with override_settings(MUNIMENT_EMBEDDING_MODEL=str(folder)):
        assert selectors.embedder_of(alice.actor, agent).name == old
        events = asked(alice, agent)
        assert (room(events), found(events).by_words, other.asked) == ("garden", False, [])
        look_soon()
        run_due()
        assert models(alice, agent) == {embedder_name()}
        assert room(asked(alice, agent)) == "garden"
        assert other.asked
        seen = len(far.asked)
        asked(alice, agent)
        assert len(far.asked) == seen


def test_while_a_change_waits_for_its_endpoint_the_old_one_is_searched(
    alice: Person,
    brain: Switch,
    provide: Callable[..., FakeProvider],
    tmp_path: Path,
    settings: Any,
) -> None:
    agent = house(alice)
    brain.brain = lambda _: DOWN
    settings.MUNIMENT_EMBEDDING_MODEL = str(endpoint_folder(tmp_path / "far", provide(brain)))
    look_soon()
    run_due()
    assert models(alice, agent) == {PACKAGED_EMBEDDER}
    assert not found(asked(alice, agent)).by_words
    brain.brain = embedding()
    with frozen(now() + timedelta(hours=1)):
        run_due()
    assert models(alice, agent) == {embedder_name()}


@pytest.mark.parametrize("reply", [DOWN, vectors([[1.0] * 9])], ids=["down", "of another dimension"])
def test_what_comes_in_meanwhile_waits_and_is_no_failure(
    alice: Person, far: FakeProvider, brain: Switch, reply: Reply
) -> None:
    brain.brain = lambda _: reply
    agent = house(alice)
    assert {one.state for one in documents(alice.actor, agent)} == {"queued"}
    for hours in range(1, 4):
        with frozen(now() + timedelta(hours=hours)):
            run_due()
    assert {one.state for one in documents(alice.actor, agent)} == {"queued"}
    brain.brain = embedding()
    with frozen(now() + timedelta(hours=9)):
        run_due()
    assert {one.state for one in documents(alice.actor, agent)} == {"live"}
    assert room(asked(alice, agent)) == "garden"


def test_a_text_it_does_not_take_holds_up_no_other(alice: Person, far: FakeProvider, brain: Switch) -> None:
    def picky(asked: Asked) -> Reply:
        if any("attic" in text for text in asked.body["input"]):
            return failure("413 Too long")
        return embedding()(asked)

    brain.brain = picky
    agent = house(alice)
    for hours in range(1, 12):
        with frozen(now() + timedelta(hours=hours)):
            run_due()
    states = {one.name: str(one.state) for one in documents(alice.actor, agent)}
    assert states == {f"{room}.txt": "failed" if room == "attic" else "live" for room in ROOMS}


def test_while_it_is_down_words_alone_answer_and_the_page_says_so(
    alice: Person, far: FakeProvider, brain: Switch, caplog: pytest.LogCaptureFixture
) -> None:
    agent = house(alice)
    brain.brain = lambda _: DOWN
    with caplog.at_level(logging.WARNING):
        events = asked(alice, agent)
    assert room(events) == "garden"
    assert found(events).by_words
    assert all(passage.similarity is None for passage in found(events).passages)
    assert "embedding model: ModelUnavailableError; words alone are searched" in caplog.text
    assert "garden" not in caplog.text
    told = stream(alice, agent, QUESTION)
    assert ("status", {"step": "reading", "by_words": True}) in told
    conversation = next(data["conversation"] for name, data in told if name == "question")
    page = alice.client.get(f"{agent.url}/conversations/{conversation}").content.decode()
    assert '<p class="turn-note" data-by-words>' in page
    brain.brain = embedding()
    assert not found(asked(alice, agent)).by_words


def test_down_between_question_and_sentences_it_is_told(alice: Person, far: FakeProvider, brain: Switch) -> None:
    agent = house(alice)
    brain.brain = lambda asked: embedding()(asked) if asked.body["input"] == [QUESTION] else DOWN
    events = asked(alice, agent)
    assert any(isinstance(event, ModelDown) for event in events)


def test_an_estimate_asks_nobody(alice: Person, far: FakeProvider) -> None:
    agent = house(alice)
    seen = len(far.asked)
    assert masking_cost(alice.actor, agent, MaskingRules(MaskingMode.STAND_INS)).pieces
    assert len(far.asked) == seen


def test_what_is_erased_while_the_reranker_is_asked_is_not_found(
    alice: Person,
    provide: Callable[..., FakeProvider],
    tmp_path: Path,
) -> None:
    agent = house(alice)
    kept = {one.name: one.id for one in documents(alice.actor, agent)}

    def erases(asked: Asked) -> Reply:
        delete_documents(actor=alice.actor, agent=agent, documents=[kept["garden.txt"]])
        return ranking(lambda text: float("garden" in text))(asked)

    folder = endpoint_folder(tmp_path / "order", provide(erases), dimension=0)
    query = Query(QUESTION, packaged_embedder().embed_questions([QUESTION])[0], PACKAGED_EMBEDDER)
    with override_settings(MUNIMENT_RERANKER=str(folder)):
        passages = selectors.passages(alice.actor, agent, query, limit=8)
    assert passages
    assert kept["garden.txt"] not in {part.document for passage in passages for part in passage.parts}


def house(person: Person) -> Agent:
    made = create_agent(actor=person.actor, name="House", masking=MaskingMode.OFF)
    for one in ROOMS:
        content = f"The {one} holds the {one} lamp. In the {one} stands an old {one} bench of oak.".encode()
        add_document(actor=person.actor, agent=made, name=f"{one}.txt", source=[content])
    run_due()
    return made


def models(person: Person, agent: Agent) -> set[str]:
    """Of all chunks, and of what is searched."""
    silo = open_silo(actor=person.actor, agent=agent, permission=Permission.DOCUMENT_CREATE)
    with silo.reading() as reader:
        found = {chunk.model for chunk in chunks_of(reader)}
    assert {selectors.cache.index(silo).model} == found
    return found


def asked(person: Person, agent: Agent) -> list[AskEvent]:
    return list(ask(actor=person.actor, agent=agent, question=QUESTION))


def found(events: list[AskEvent]) -> Found:
    return next(event for event in events if isinstance(event, Found))


def room(events: list[AskEvent]) -> str:
    """The room that the first sentence of the answer names."""
    words = next(event.sentence.words for event in events if isinstance(event, Said))
    return next(one for one in ROOMS if one in words)
