"""An embedding model or a reranker at an endpoint: what it is asked, what is believed, and what a folder must say."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.test import override_settings

from muniment.core.errors import MunimentError
from muniment.llm import services
from muniment.llm.endpoints import call
from muniment.llm.endpoints.embedder import BATCH_TEXTS
from muniment.llm.errors import ModelFileError, ModelRefusedError, ModelUnavailableError, TextRefusedError
from muniment.llm.openai.call import ATTEMPTS
from muniment.llm.types import PACKAGED_EMBEDDER, ModelUse
from tests.cast import Person
from tests.llm.conftest import Providing
from tests.llm.endpoints import DIMENSION, embedding, endpoint_folder, ranking, vector_of, vectors
from tests.llm.fake_provider import FakeProvider, Reply, failure, in_turn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gate")]
ECHO = "Tell Ada Lovelace that sk-far is wrong, see https://evil.example.org"
BUSY = failure("429 Too Many", {"error": {"message": ECHO}}, "Retry-After: 7\r\n")
Using = Callable[..., FakeProvider]


@pytest.fixture
def using(provide: Providing, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Using:
    """Serves a brain, and has the setting name a folder that leads to it."""

    def started(brain: Any, *, setting: str = "MUNIMENT_EMBEDDING_MODEL", **card: Any) -> FakeProvider:
        provider = provide(brain)
        setattr(settings, setting, str(endpoint_folder(tmp_path / "far", provider, **card)))
        return provider

    return started


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts, which take no time."""
    pauses: list[float] = []
    made = call.EndpointCall.__init__

    def patient(self: Any, *given: Any, **named: Any) -> None:
        made(self, *given, **named, pause=pauses.append)

    monkeypatch.setattr(call.EndpointCall, "__init__", patient)
    return pauses


def test_texts_become_vectors_of_length_one_in_their_order(using: Using) -> None:
    provider = using(embedding())
    texts = [f"the ferns of room {number}" for number in range(BATCH_TEXTS + 8)] + ["  "]
    found = services.embedder().embed(texts)
    assert found.shape == (BATCH_TEXTS + 9, DIMENSION)
    np.testing.assert_allclose(np.linalg.norm(found[:-1], axis=1), 1, atol=1e-5)
    assert not found[-1].any()
    expected = np.array(vector_of(texts[3]))
    np.testing.assert_allclose(found[3], expected / np.linalg.norm(expected), atol=1e-5)
    assert [len(asked.body["input"]) for asked in provider.asked] == [BATCH_TEXTS, 8]
    assert services.embedder().embed([]).shape == (0, DIMENSION)
    assert len(provider.asked) == 2


def test_they_are_sorted_by_their_index(using: Using) -> None:
    rows = [{"index": 1, "embedding": [0.0] * 23 + [2]}, {"index": 0, "embedding": [3] + [0.0] * 23}]
    using(lambda _: failure("200 OK", {"data": rows}))
    found = services.embedder().embed(["a", "b"])
    assert (found[0, 0], found[1, -1]) == (1.0, 1.0)


def test_what_is_asked(using: Using, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-far\n")
    prefixes = {"question_prefix": "query: ", "passage_prefix": "passage: "}
    provider = using(embedding(), key_file="../key", shortened=True, **prefixes)
    services.embedder().embed(["Where is Ada Lovelace?"])
    services.embedder(hurried=True).embed_questions(["ferns"])
    first, second = provider.asked
    assert first.path == "/v1/embeddings"
    assert first.body == {"model": "e5", "input": ["passage: Where is [PERSON]?"], "dimensions": DIMENSION}
    assert second.body["input"] == ["query: ferns"]
    assert "Bearer sk-far" in first.head


def test_another_model_dimension_or_prefix_is_another_name_and_another_address_is_not(tmp_path: Path) -> None:
    def name(**card: Any) -> str:
        folder = endpoint_folder(tmp_path / str(len(list(tmp_path.iterdir()))), "https://far.example/v1", **card)
        with override_settings(MUNIMENT_EMBEDDING_MODEL=str(folder)):
            return services.embedder_name()

    changed = [name(), name(model="e6"), name(dimension=25), name(passage_prefix="p: "), name(name="further")]
    assert len(set(changed)) == 5
    assert name(address="https://elsewhere.example/v1", patience=5) == changed[0]


def _row(**found: Any) -> Reply:
    return failure("200 OK", {"data": [{"index": 0, "embedding": [1.0] * DIMENSION, **found}]})


ANSWERS: dict[str, tuple[Reply, type[MunimentError], str, int]] = {
    "another dimension": (
        vectors([[1.0] * 9]),
        ModelRefusedError,
        "vectors of 9 numbers.*says 24.*folder of its own",
        1,
    ),
    "too many": (vectors([[1.0] * DIMENSION] * 2), ModelRefusedError, "as many vectors", 1),
    "none": (vectors([]), ModelRefusedError, "as many vectors", 1),
    "another index": (_row(index=1), ModelRefusedError, "which vector", 1),
    "an index below": (_row(index=-1), ModelRefusedError, "which vector", 1),
    "an index of letters": (_row(index="0"), ModelRefusedError, "which vector", 1),
    "no index": (failure("200 OK", {"data": ["x"]}), ModelRefusedError, "which vector", 1),
    "not a number": (
        failure("200 OK", b'{"data": [{"index": 0, "embedding": [' + b"NaN," * 23 + b"1]}]}"),
        ModelRefusedError,
        "JSON",
        1,
    ),
    "endless": (
        failure("200 OK", b'{"data": [{"index": 0, "embedding": [' + b"1e999," * 23 + b"1]}]}"),
        ModelRefusedError,
        "no length",
        1,
    ),
    "enormous": (_row(embedding=[1e200] * DIMENSION), ModelRefusedError, "no length", 1),
    "whole and enormous": (_row(embedding=[10**400] * DIMENSION), ModelRefusedError, "no length", 1),
    "zeros": (_row(embedding=[0] * DIMENSION), ModelRefusedError, "no length", 1),
    "letters": (_row(embedding=["1"] * DIMENSION), ModelRefusedError, "vectors of numbers", 1),
    "truths": (_row(embedding=[True] * DIMENSION), ModelRefusedError, "vectors of numbers", 1),
    "nested": (failure("200 OK", b"[" * 60_000), ModelRefusedError, "JSON", 1),
    "nested well": (failure("200 OK", b"[" * 60_000 + b"]" * 60_000), ModelRefusedError, "JSON", 1),
    "huge": (failure("200 OK", b'"' + b"x" * 3 * 2**20 + b'"'), ModelRefusedError, "more than", 1),
    "a web page": (failure("200 OK", b"<html>", media_type="text/html"), ModelRefusedError, "web page", 1),
    "a move": (failure("302 Found", headers="Location: http://127.0.0.1:1/\r\n"), ModelRefusedError, "moved", 1),
    "wrong key": (failure("401 No", {"error": {"message": ECHO}}), ModelRefusedError, "key", 1),
    "no such model": (failure("404 No", {"error": {"message": ECHO}}), ModelRefusedError, "404", 1),
    "no credit": (failure("429 No", {"error": {"code": "insufficient_quota"}}), ModelRefusedError, "credit", 1),
    "too long": (failure("413 No", {"error": {"message": ECHO}}), TextRefusedError, "413", 1),
    "another text": (failure("422 No", {"error": {"message": ECHO}}), TextRefusedError, "422", 1),
    "overloaded": (BUSY, ModelUnavailableError, "overloaded", ATTEMPTS),
    "a fault": (failure("500 Oh", {"error": {"message": ECHO}}), ModelUnavailableError, "fault", ATTEMPTS),
    "nothing": ([b""], ModelUnavailableError, "broke off", ATTEMPTS),
    "much later": (failure("503 No", headers="Retry-After: 900\r\n"), ModelUnavailableError, "fault", 1),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_is_no_answer_is_told_in_our_words(using: Using, waited: list[float], case: str) -> None:
    reply, error, words, attempts = ANSWERS[case]
    provider = using(lambda _: reply)
    with pytest.raises(error, match=words) as raised:
        services.embedder().embed(["ferns"])
    assert type(raised.value) is error
    assert len(provider.asked) == attempts
    assert all(word not in str(raised.value) for word in ("Lovelace", "sk-far", "evil", "ferns"))


def test_it_waits_as_long_as_it_is_told_and_goes_on(using: Using, waited: list[float]) -> None:
    provider = using(in_turn(BUSY, BUSY, vectors([[1.0] * DIMENSION])))
    assert services.embedder().embed(["ferns"]).shape == (1, DIMENSION)
    assert waited == [7.0, 7.0]
    assert len({asked.raw for asked in provider.asked}) == 1


def test_one_that_stays_silent_is_left(provide: Providing, tmp_path: Path, waited: list[float]) -> None:
    provider = provide(lambda _: [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n["], silent=True)
    folder = endpoint_folder(tmp_path / "far", provider, patience=1)
    with override_settings(MUNIMENT_EMBEDDING_MODEL=str(folder)), pytest.raises(ModelUnavailableError, match="in time"):
        services.embedder(hurried=True).embed(["ferns"])
    assert len(provider.asked) == 1


def test_who_waits_is_not_kept_waiting(using: Using, waited: list[float]) -> None:
    provider = using(lambda _: BUSY)
    with pytest.raises(ModelUnavailableError):
        services.embedder(hurried=True).embed_questions(["ferns"])
    assert (len(provider.asked), waited) == (1, [])


@pytest.mark.parametrize("texts", [False, True], ids=["as Cohere", "as Text Embeddings Inference"])
def test_a_reranker_gives_each_passage_its_score(using: Using, texts: bool) -> None:
    provider = using(ranking(lambda text: float(len(text))), setting="MUNIMENT_RERANKER", dimension=0, texts=texts)
    model = services.reranker()
    assert model is not None
    assert model.scores("Where is Ada Lovelace?", ["aa", "a", "Ada Lovelace"]) == [2.0, 1.0, 8.0]
    (asked,) = provider.asked
    assert asked.path == "/v1/rerank"
    assert asked.body["query"] == "Where is [PERSON]?"
    assert asked.body["texts" if texts else "documents"] == ["aa", "a", "[PERSON]"]
    assert asked.body.get("top_n") == (None if texts else 3)


RANKS = {
    "one too few": {"results": [{"index": 0, "relevance_score": 1}]},
    "one twice": {"results": [{"index": 0, "relevance_score": 1}] * 2},
    "another index": {"results": [{"index": at, "relevance_score": 1} for at in (0, 2)]},
    "no number": {"results": [{"index": at, "relevance_score": "1"} for at in (0, 1)]},
    "enormous": {"results": [{"index": at, "relevance_score": 10**400} for at in (0, 1)]},
    "a truth": {"results": [{"index": at, "relevance_score": True} for at in (0, 1)]},
    "nothing": {"results": None},
    "a word": "x",
}


@pytest.mark.parametrize("case", RANKS)
def test_scores_that_make_no_sense_are_refused(using: Using, case: str) -> None:
    using(lambda _: failure("200 OK", RANKS[case]), setting="MUNIMENT_RERANKER")
    model = services.reranker()
    assert model is not None
    with pytest.raises(ModelRefusedError):
        model.scores("ferns", ["a", "b"])


CARDS: dict[str, tuple[dict[str, Any], str]] = {
    "a field nobody knows": ({"layers": 3}, "may hold"),
    "no name": ({"name": ""}, "for name"),
    "no model": ({"model": 3}, "for model"),
    "no dimension": ({"dimension": 0}, "needs a dimension"),
    "dimension in letters": ({"dimension": "24"}, "for dimension"),
    "no patience": ({"patience": 0}, "for patience"),
    "no switch": ({"shortened": "yes"}, "true or false"),
    "a prefix that is a number": ({"passage_prefix": 3}, "needs texts"),
    "no address": ({"address": "far.example"}, "address"),
    "mail": ({"address": "smtp://far.example"}, "looks like https"),
    "in clear": ({"address": "http://far.example/v1"}, "MUNIMENT_INTERNAL_HOSTS"),
    "no key": ({"key_file": "nowhere"}, "key_file"),
}


@pytest.mark.parametrize("case", CARDS)
def test_a_folder_that_makes_no_sense_stops_the_start(tmp_path: Path, case: str) -> None:
    card, words = CARDS[case]
    folder = endpoint_folder(tmp_path / "far", "https://far.example/v1", **card)
    with override_settings(MUNIMENT_EMBEDDING_MODEL=str(folder)), pytest.raises(ModelFileError, match=words):
        services.check_models()


def test_a_model_and_an_address_in_one_folder_stop_the_start(tmp_path: Path) -> None:
    folder = endpoint_folder(tmp_path / "far", "https://far.example/v1")
    with override_settings(MUNIMENT_EMBEDDING_MODEL=str(folder), MUNIMENT_RERANKER=str(folder)):
        services.check_models()
        (folder / "model.onnx").touch()
        with pytest.raises(ModelFileError, match="both"):
            services.check_models()


def test_the_key_is_read_at_each_call_and_is_in_no_name_and_no_error(using: Using, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-one")
    provider = using(embedding(), key_file=str(tmp_path / "key"))
    model = services.embedder()
    model.embed(["a"])
    (tmp_path / "key").write_text("sk-two")
    model.embed(["a"])
    assert ["sk-one" in provider.asked[0].head, "sk-two" in provider.asked[1].head] == [True, True]
    (tmp_path / "key").write_text("sk two")
    with pytest.raises(ModelRefusedError) as raised:
        model.embed(["a"])
    assert "sk" not in str(raised.value)


def test_it_is_tried_in_words(using: Using, alice: Person) -> None:
    using(in_turn(vectors([[1.0] * DIMENSION]), vectors([[1.0] * 9])))
    (used,) = services.models_in_use()
    assert (used.use, used.name, used.model, used.inside) == (ModelUse.EMBEDDING, "far", "e5", True)
    assert services.try_model(actor=alice.actor, use=ModelUse.EMBEDDING).answered
    trial = services.try_model(actor=alice.actor, use=ModelUse.EMBEDDING)
    assert not trial.answered
    assert "9 numbers" in trial.sentence
    assert "MUNIMENT_RERANKER" in services.try_model(actor=alice.actor, use=ModelUse.RERANKER).sentence


def test_without_a_folder_nothing_changes() -> None:
    assert not settings.MUNIMENT_EMBEDDING_MODEL
    (used,) = services.models_in_use()
    assert (used.name, used.address) == (PACKAGED_EMBEDDER, "")
    assert services.local_embedder() is services.embedder()
    assert json.dumps(used.use) == '"embedding"'
