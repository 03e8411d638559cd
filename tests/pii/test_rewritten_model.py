"""The model is written anew for speed as it is loaded: what it says of a text stays what its file says."""

import json
from functools import cache

import pytest

from muniment.pii.rampart.files import model_file
from muniment.pii.rampart.tagger import Rampart
from muniment.pii.rampart.tokens import TokenTagger
from muniment.pii.types import Label, Tag

TEXTS = (
    "Please forward the contract to Tunde Bakare, 12 Harbour Lane, Leeds LS1 4AP, and copy Ingrid Solheim in.",
    "Die Klägerin, Edeltraut Pommerening, wohnt in der Lindenallee 14 in Kassel und verlangt Schadensersatz.",
    "The controller shall implement measures for ensuring that, by default, only such data are processed.",
)


@pytest.mark.parametrize("text", TEXTS)
def test_it_tags_the_same_words_about_as_surely(text: str) -> None:
    rewritten, filed = _sure(_rewritten()(text)), _sure(_as_filed()(text))
    assert {place: label for place, (label, _) in rewritten.items()} == {
        place: label for place, (label, _) in filed.items()
    }
    assert [place for place in filed if abs(rewritten[place][1] - filed[place][1]) > 0.15] == []


def _sure(tags: list[Tag]) -> dict[tuple[int, int], tuple[Label, float]]:
    return {(tag.start, tag.end): (tag.label, tag.score) for tag in tags if tag.score >= 0.3}


@cache
def _rewritten() -> Rampart:
    return Rampart(threads=1)


@cache
def _as_filed() -> TokenTagger:
    names = json.loads(model_file("config.json"))["id2label"]
    return TokenTagger(
        model=model_file("onnx/model_q4.onnx"),
        tokenizer=model_file("tokenizer.json").decode(),
        labels=[None if name == "O" else Label(name[2:]) for name in names.values()],
        threads=1,
    )
