"""Passages come in the order of the operator's reranker; when it fails, in the fused order, and the log says so."""

import logging
from pathlib import Path

import pytest
from django.test import override_settings

from muniment.agents.models import Agent
from muniment.agents.services import create_agent
from muniment.agents.types import MaskingMode
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from muniment.llm import services
from muniment.llm.errors import ModelFileError
from muniment.llm.services import embedder
from muniment.retrieval.selectors import passages
from muniment.retrieval.types import Query
from tests.cast import Person
from tests.llm.onnx_folders import embedder_folder, reranker_folder

QUESTION = "What is said of the ferns?"
TEXTS = {
    "one": "The ferns stand near the roof. The roof is new.",
    "two": "Ferns and ferns and again ferns fill the house.",
    "three": "Of ferns the curator said that they thrive.",
}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent(alice: Person) -> Agent:
    made = create_agent(actor=alice.actor, name="Ferns", masking=MaskingMode.OFF)
    for name, text in TEXTS.items():
        add_document(actor=alice.actor, agent=made, name=f"{name}.txt", source=[text.encode()])
    run_due()
    return made


def order(person: Person, agent: Agent) -> list[str]:
    query = Query(QUESTION, embedder().embed_questions([QUESTION])[0], embedder().name)
    found = passages(person.actor, agent, query, limit=3)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    return [next(name for name, text in TEXTS.items() if one.parts[0].text in text) for one in found]


def test_the_order_is_its_own(alice: Person, agent: Agent, tmp_path: Path) -> None:
    with override_settings(MUNIMENT_RERANKER=str(reranker_folder(tmp_path / "a"))):
        assert order(alice, agent) == ["two", "three", "one"]
    with override_settings(MUNIMENT_RERANKER=str(reranker_folder(tmp_path / "b", backwards=True))):
        assert order(alice, agent) == ["one", "three", "two"]


def test_one_that_fails_leaves_the_fused_order(
    alice: Person, agent: Agent, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fused = order(alice, agent)
    broken = embedder_folder(tmp_path / "c")  # gives vectors, not one number a passage
    with override_settings(MUNIMENT_RERANKER=str(broken)), caplog.at_level(logging.WARNING):
        assert order(alice, agent) == fused
    assert [
        record.getMessage() for record in caplog.records if "reranker" in record.name or "rerank" in record.msg
    ] == ["reranker: ModelUnavailableError; passages stay in the fused order"]
    assert "ferns" not in caplog.text.lower()


def test_a_folder_that_is_none_stops_the_start(tmp_path: Path) -> None:
    with override_settings(MUNIMENT_RERANKER=str(tmp_path)), pytest.raises(ModelFileError, match="MUNIMENT_RERANKER"):
        services.check_models()


def test_without_one_nothing_is_loaded() -> None:
    assert services.reranker() is None
