"""An embedding model of the operator's own, out of a folder: what it must hold, and what comes of it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import override_settings

from muniment.llm import services
from muniment.llm.errors import ModelFileError
from muniment.llm.onnx.embedder import OnnxEmbedder
from muniment.llm.onnx.folder import ModelFolder
from muniment.llm.types import PACKAGED_EMBEDDER
from tests.llm.onnx_folders import embedder_folder


def opened(path: Path) -> OnnxEmbedder:
    return OnnxEmbedder(ModelFolder.read(path, setting="MUNIMENT_EMBEDDING_MODEL"), threads=1)


def test_texts_become_vectors_of_length_one_in_their_order(tmp_path: Path) -> None:
    embedder = opened(embedder_folder(tmp_path / "a"))
    texts = ["the ferns", "garden", "the herbarium is open monday"] * 5
    vectors = embedder.embed(texts)
    assert vectors.shape == (15, embedder.dimension) == (15, 32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[1], embedder.embed(["garden"])[0], atol=1e-5)
    assert embedder.embed([]).shape == (0, 32)


def test_long_texts_are_cut_and_counted_whole(tmp_path: Path) -> None:
    embedder = opened(embedder_folder(tmp_path / "a", max_tokens=16))
    long = "ferns " * 100
    assert embedder.count_tokens([long, "ferns"]) == [102, 3]
    np.testing.assert_allclose(embedder.embed([long])[0], embedder.embed(["ferns " * 14])[0], atol=1e-5)


def test_questions_and_passages_have_their_prefixes(tmp_path: Path) -> None:
    embedder = opened(embedder_folder(tmp_path / "a", question_prefix="where ", passage_prefix="the "))
    plain = opened(embedder_folder(tmp_path / "b"))
    np.testing.assert_allclose(embedder.embed_questions(["ferns"]), plain.embed(["where ferns"]), atol=1e-5)
    np.testing.assert_allclose(embedder.embed(["ferns"]), plain.embed(["the ferns"]), atol=1e-5)


@pytest.mark.parametrize(("pooling", "word"), [("first", "[CLS]"), ("last", "[SEP]")])
def test_pooling_takes_the_token_it_says(tmp_path: Path, pooling: str, word: str) -> None:
    found = opened(embedder_folder(tmp_path / "a", pooling=pooling)).embed(["ferns open", "ferns"])
    np.testing.assert_allclose(found[0], found[1], atol=1e-5)
    assert word


def test_another_file_or_prefix_is_another_name(tmp_path: Path) -> None:
    folders = [
        embedder_folder(tmp_path / "a"),
        embedder_folder(tmp_path / "b", seed=2),
        embedder_folder(tmp_path / "c", passage_prefix="the "),
    ]
    names = [ModelFolder.read(path, setting="X").name for path in folders]
    assert len(set(names)) == 3
    assert all(name.startswith("small-") for name in names)
    assert ModelFolder.read(embedder_folder(tmp_path / "d"), setting="X").name == names[0]


@pytest.mark.parametrize(
    ("card", "sentence"),
    [
        ("[", "no JSON"),
        ("[]", "may hold"),
        ('{"name": "a", "layers": 3}', "may hold"),
        ("{}", "needs a name"),
        ('{"name": ""}', "needs a name"),
        ('{"name": "a", "max_tokens": 3}', "max_tokens"),
        ('{"name": "a", "pooling": "max"}', "pooling"),
        ('{"name": "a", "passage_prefix": 3}', "prefixes"),
    ],
)
def test_a_card_that_makes_no_sense_stops_the_start(tmp_path: Path, card: str, sentence: str) -> None:
    folder = embedder_folder(tmp_path / "a")
    (folder / "muniment.json").write_text(card)
    with override_settings(MUNIMENT_EMBEDDING_MODEL=str(folder)), pytest.raises(ModelFileError, match=sentence):
        services.check_models()


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "muniment.json"])
def test_a_missing_file_stops_the_start(tmp_path: Path, name: str) -> None:
    folder = embedder_folder(tmp_path / "a")
    (folder / name).unlink()
    with override_settings(MUNIMENT_EMBEDDING_MODEL=str(folder)), pytest.raises(ModelFileError, match=name):
        services.check_models()


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_file_is_said_when_it_is_loaded(tmp_path: Path, name: str) -> None:
    folder = embedder_folder(tmp_path / "a")
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelFileError, match="cannot be loaded"):
        opened(folder)


def test_the_setting_chooses_it_and_the_packaged_one_stays_in_reach(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(services, "_loaded", {})
    folder = embedder_folder(tmp_path / "a")
    with override_settings(MUNIMENT_EMBEDDING_MODEL=str(folder), MUNIMENT_EMBEDDING_THREADS=1):
        assert services.embedder().name == services.embedder_name()
        assert services.embedder_name().startswith("small-")
        packaged = services.embedder_named(PACKAGED_EMBEDDER)
        assert packaged is not None
        assert packaged.name == PACKAGED_EMBEDDER
        assert services.embedder_named("gone", folder=tmp_path / "gone") is None
        assert services.embedder_named("gone", folder=folder) is None
    assert services.embedder_name() == PACKAGED_EMBEDDER
    assert json.loads((folder / "muniment.json").read_text()) == {"name": "small"}
