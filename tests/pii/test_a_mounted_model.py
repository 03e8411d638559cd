"""A folder with another model finds beside the reviewed one; a folder that is none is refused with the mend.

The model in these folders is the reviewed one itself, under other labels.
"""

import json
from pathlib import Path

import pytest
from django.conf import settings

from muniment.pii import services
from muniment.pii.detection import detect
from muniment.pii.errors import DetectorModelError
from muniment.pii.loading import load_tagger
from muniment.pii.mounted import Both, mounted_labels, mounted_tagger
from muniment.pii.rampart.files import model_file
from muniment.pii.types import Label, Tag
from tests.pii.detecting import LETTER, words


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = json.loads(model_file("config.json"))
    renamed = {"GIVEN_NAME": "PER", "SURNAME": "PER", "CITY": "LOC"}
    for number, name in config["id2label"].items():
        config["id2label"][number] = name[:2] + renamed.get(name[2:], name[2:])
    (tmp_path / "model.onnx").write_bytes(model_file("onnx/model_q4.onnx"))
    (tmp_path / "tokenizer.json").write_bytes(model_file("tokenizer.json"))
    (tmp_path / "config.json").write_text(json.dumps(config))
    return tmp_path


def test_it_finds_by_its_own_labels(folder: Path) -> None:
    tags = mounted_tagger(folder, threads=1)(LETTER)
    assert [(LETTER[tag.start : tag.end], tag.label) for tag in tags if tag.score > 0.9][:2] == [
        ("Margaret", Label.SURNAME),
        ("Holloway", Label.SURNAME),
    ]


def test_both_look(folder: Path) -> None:
    spans = detect(LETTER, tagger=load_tagger(threads=1, model=folder))
    assert ("person", "Margaret Holloway") in words(LETTER, spans)


def test_what_either_sees_is_seen_and_the_surer_has_it() -> None:
    def first(text: str, **_: object) -> list[Tag]:
        return [Tag(0, 3, Label.CITY, 0.5), Tag(8, 9, Label.SURNAME, 0.9)]

    def second(text: str, **_: object) -> list[Tag]:
        return [Tag(2, 5, Label.SURNAME, 0.8)]

    seen = Both(first, second)("x" * 10)
    assert seen == [Tag(2, 5, Label.SURNAME, 0.8), Tag(8, 9, Label.SURNAME, 0.9)]


def test_a_folder_that_is_none_is_refused_at_the_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (folder / "model.onnx").unlink()
    monkeypatch.setattr(settings, "MUNIMENT_NER_MODEL", str(folder))
    monkeypatch.setattr(settings, "MUNIMENT_DETECTOR_PROCESS", True)
    with pytest.raises(DetectorModelError, match=r"model.onnx cannot be found.*unset it"), services.detector_kept():
        pytest.fail("it started")


@pytest.mark.parametrize(
    "config",
    [
        "",
        "{}",
        '{"id2label": {"0": "O"}}',
        '{"id2label": []}',
        '{"id2label": {"1": "B-PER"}}',
        '{"id2label": {"0": 1}}',
    ],
)
def test_a_config_that_is_none_says_so(folder: Path, config: str) -> None:
    (folder / "config.json").write_text(config)
    with pytest.raises(DetectorModelError, match=r"Export it again|no label for persons"):
        mounted_labels(folder)


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_files_that_cannot_be_run_say_so(folder: Path, file: str) -> None:
    (folder / file).write_bytes(b"none")
    with pytest.raises(DetectorModelError, match="cannot be run"):
        mounted_tagger(folder, threads=1)
