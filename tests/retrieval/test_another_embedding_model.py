"""Another embedding model: everything is embedded anew from the records while it is searched, and switched at once."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from django.test import override_settings

from muniment.agents.models import Agent
from muniment.agents.services import create_agent, open_silo
from muniment.chat.services import ask
from muniment.chat.types import Said
from muniment.core.permissions import Permission
from muniment.ingest.services import add_document, delete_documents
from muniment.jobs.services import run_due
from muniment.llm import services
from muniment.llm.services import embedder, embedder_name
from muniment.llm.types import PACKAGED_EMBEDDER
from muniment.retrieval import reembedding, selectors
from muniment.retrieval.labels import models_of
from muniment.retrieval.reembedding import Reembedding
from muniment.retrieval.services import rebuild_index
from muniment.retrieval.tasks import look_soon
from muniment.retrieval.types import Query
from muniment.silo.chunks import StoredChunk, chunks_of
from muniment.silo.sealed import Silo
from tests.cast import Person
from tests.llm.onnx_folders import embedder_folder

ROOMS = ("roof", "garden", "herbarium", "attic", "cellar", "library")
QUESTION = "What stands in the garden?"
pytestmark = pytest.mark.django_db(transaction=True)


class Turn:
    """A `RunningJob` whose turn ends after so many batches."""

    id, asked_by, team, attempt = "job", "system", None, 1
    payload: Mapping[str, str] = {}

    def __init__(self, batches: int) -> None:
        self._left = batches
        self.said: list[Mapping[str, int | str]] = []
        self.comes_again = False

    def heartbeat(self, *, progress: Mapping[str, int | str] | None = None) -> None:
        if progress is not None:
            self.said.append(progress)

    def complete_with(self, effects: Callable[[], None]) -> None:
        effects()

    @property
    def others_wait(self) -> bool:
        self._left -= 1
        return self._left <= 0

    def come_again(self) -> None:
        self.comes_again = True


@pytest.fixture
def agent(alice: Person, monkeypatch: pytest.MonkeyPatch) -> Agent:
    monkeypatch.setattr(reembedding, "BATCH", 2)
    made = create_agent(actor=alice.actor, name="House")
    for room in ROOMS:
        add(alice, made, room)
    return made


@pytest.fixture
def other(tmp_path: Path) -> Iterator[str]:
    """The setting names another model; its name."""
    folder = embedder_folder(tmp_path / "model")
    with override_settings(MUNIMENT_EMBEDDING_MODEL=str(folder), MUNIMENT_EMBEDDING_THREADS=1):
        yield embedder_name()


def test_until_it_is_done_the_old_one_is_searched_and_then_the_new_one(alice: Person, agent: Agent, other: str) -> None:
    silo = silo_of(alice, agent)
    assert models(silo) == {PACKAGED_EMBEDDER}
    turn = Turn(batches=2)
    run(alice, silo, turn)
    assert turn.comes_again
    assert turn.said == [{"model": other, "done": 0, "of": 6}, {"model": other, "done": 2, "of": 6}]
    assert models(silo) == {PACKAGED_EMBEDDER, other}
    assert selectors.cache.index(silo).model == PACKAGED_EMBEDDER
    assert answered(alice, agent) == "garden"
    run(alice, silo, Turn(batches=9))
    assert models(silo) == {other}
    assert selectors.cache.index(silo).model == other
    assert {chunk.model for chunk in chunks(silo)} == {other}
    assert answered(alice, agent) == "garden"


def test_a_start_of_the_worker_begins_it_and_the_log_says_when_it_is_done(
    alice: Person, agent: Agent, other: str
) -> None:
    look_soon()
    run_due()
    assert models(silo_of(alice, agent)) == {other}
    assert changes(silo_of(alice, agent)) == 1
    look_soon()
    run_due()
    assert changes(silo_of(alice, agent)) == 1  # nothing was left to do


def test_who_broke_off_goes_on_where_it_was(
    alice: Person, agent: Agent, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    silo = silo_of(alice, agent)
    run(alice, silo, Turn(batches=2))
    seen: list[str] = []
    real = embedder().embed
    monkeypatch.setattr(embedder(), "embed", lambda texts: (seen.extend(texts), real(texts))[1])
    run(alice, silo, Turn(batches=9))
    assert len(seen) == 2
    assert models(silo) == {other}


def test_what_comes_and_goes_meanwhile_is_right_at_its_end(alice: Person, agent: Agent, other: str) -> None:
    silo = silo_of(alice, agent)
    run(alice, silo, Turn(batches=1))
    added = add(alice, agent, "tower", work=False)
    gone = chunks(silo)[0].document
    delete_documents(actor=alice.actor, agent=agent, documents=[gone])
    run_due()
    assert models(silo) == {other}
    found = chunks(silo)
    assert {chunk.model for chunk in found} == {other}
    assert gone not in {chunk.document for chunk in found}
    assert added in {chunk.document for chunk in found}
    with silo.reading() as reader:
        indexed = sum(info.chunks for info in reader.segments() if info.label.startswith("vectors"))
    assert indexed == len(found)


def test_vectors_of_two_models_are_never_compared(alice: Person, agent: Agent, other: str) -> None:
    silo = silo_of(alice, agent)
    run(alice, silo, Turn(batches=2))
    strange = embedder().embed_questions([QUESTION])[0]
    found = selectors.search(silo, Query(QUESTION, strange, other), limit=8)
    assert found
    assert all(passage.similarity is None for passage in found)
    own = services.embedder_named(PACKAGED_EMBEDDER)
    assert own is not None
    found = selectors.search(silo, Query(QUESTION, own.embed_questions([QUESTION])[0], own.name), limit=8)
    assert all(passage.similarity is not None for passage in found)


def test_where_the_old_model_is_gone_words_alone_answer(
    alice: Person, agent: Agent, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_soon()
    run_due()
    third = embedder_folder(tmp_path / "third", name="third", seed=9)
    with override_settings(MUNIMENT_EMBEDDING_MODEL=str(third)):
        assert selectors.embedder_of(alice.actor, agent).name == other  # it still lies where it was
        (tmp_path / "model" / "model.onnx").rename(tmp_path / "away")
        monkeypatch.setattr(services, "_loaded", {})
        assert selectors.embedder_of(alice.actor, agent).name == embedder_name()
        assert answered(alice, agent) == "garden"


def test_a_restore_in_the_middle_is_gone_on_with(alice: Person, agent: Agent, other: str) -> None:
    silo = silo_of(alice, agent)
    run(alice, silo, Turn(batches=2))
    rebuild_index(silo)
    assert models(silo) == {PACKAGED_EMBEDDER, other}
    assert answered(alice, agent) == "garden"
    run(alice, silo, Turn(batches=9))
    assert models(silo) == {other}


def add(person: Person, agent: Agent, room: str, *, work: bool = True) -> str:
    content = f"The {room} holds the {room} lamp. In the {room} stands an old {room} bench of oak.".encode()
    added = add_document(actor=person.actor, agent=agent, name=f"{room}.txt", source=[content])
    if work:
        run_due()
    return added.document


def silo_of(person: Person, agent: Agent) -> Silo:
    return open_silo(actor=person.actor, agent=agent, permission=Permission.DOCUMENT_CREATE)


def run(person: Person, silo: Silo, turn: Turn) -> None:
    Reembedding(actor=person.actor, silo=silo, embedder=embedder(), job=turn).run()


def changes(silo: Silo) -> int:
    """The events of it in the silo's outbox, which nobody drains in this test."""
    with silo.engine.reading() as reader:
        return sum(b"agent:embedding:changed" in body for _, body in reader.pending_events())


def models(silo: Silo) -> set[str]:
    with silo.reading() as reader:
        return models_of(reader.segments())


def chunks(silo: Silo) -> list[StoredChunk]:
    with silo.reading() as reader:
        return list(chunks_of(reader))


def answered(person: Person, agent: Agent) -> str:
    """The room that the first sentence of the answer names."""
    events = ask(actor=person.actor, agent=agent, question=QUESTION)
    words = next(event.sentence.words for event in events if isinstance(event, Said))
    return next(room for room in ROOMS if room in words)
