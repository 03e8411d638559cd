"""A model of the operator's own, for other languages: a folder with `model.onnx`, `tokenizer.json` and `config.json`.

It looks beside the reviewed one, never instead of it: whatever either takes for a name or a place is one. The operator
answers for what is in the folder; it is run by the same onnxruntime, which executes nothing but arithmetic.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from muniment.core.watch import Watch, unwatched
from muniment.pii.errors import DetectorModelError
from muniment.pii.types import Label, Tag, Tagger

FILES = ("model.onnx", "tokenizer.json", "config.json")
_LABELS: Mapping[str, Label] = {
    **dict.fromkeys(("PER", "PERS", "PERSON", "NAME", "SURNAME", "LASTNAME", "LAST_NAME"), Label.SURNAME),
    **dict.fromkeys(("GIVEN_NAME", "GIVENNAME", "FIRSTNAME", "FIRST_NAME"), Label.GIVEN_NAME),
    **dict.fromkeys(("LOC", "LOCATION", "GPE", "CITY"), Label.CITY),
    **dict.fromkeys(("STREET", "STREET_NAME", "STREETADDRESS", "STREET_ADDRESS"), Label.STREET_NAME),
}
"""What models call what we look for, without the B- and I- of their schemes. What they call otherwise is left."""


def mounted_labels(folder: Path) -> list[Label | None]:
    """What each output of the model stands for. Raises DetectorModelError, with the mend, for a folder that is none."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise DetectorModelError(
            f"MUNIMENT_NER_MODEL is {folder}, where {' and '.join(missing)} cannot be found. Put a token "
            "classification model in ONNX there, with its tokenizer.json and config.json, or unset it."
        )
    try:
        names = json.loads((folder / "config.json").read_bytes())["id2label"]
        labels = [_label(names[str(number)]) for number in range(len(names))]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise DetectorModelError(
            f"The config.json in {folder} has no id2label as token classification models have it. Export it again."
        ) from None
    if Label.SURNAME not in labels and Label.GIVEN_NAME not in labels:
        raise DetectorModelError(
            f"The model in {folder} has no label for persons, such as B-PER. Choose another, or unset "
            "MUNIMENT_NER_MODEL."
        )
    return labels


def _label(name: str) -> Label | None:
    return _LABELS.get(name.upper().removeprefix("B-").removeprefix("I-").removeprefix("E-").removeprefix("S-"))


def mounted_tagger(folder: Path, *, threads: int) -> Tagger:
    """Loads the model. Raises DetectorModelError."""
    from muniment.pii.rampart.tokens import TokenTagger  # noqa: PLC0415 - whoever only checks a folder runs no model

    labels = mounted_labels(folder)
    model, tokenizer, _ = (folder / name for name in FILES)
    try:
        tagger = TokenTagger(
            model=model.read_bytes(), tokenizer=tokenizer.read_text("utf-8"), labels=labels, threads=threads
        )
        tagger("A name.")
    except Exception as error:  # noqa: BLE001 - the libraries raise what they please for a file that is none
        raise DetectorModelError(
            f"The model in {folder} cannot be run ({type(error).__name__}). Export it again for onnxruntime, as token "
            "classification, or unset MUNIMENT_NER_MODEL."
        ) from None
    return tagger


class Both:
    """A `Tagger` of two: what either sees, the surer where they meet."""

    def __init__(self, first: Tagger, second: Tagger) -> None:
        self._first, self._second = first, second

    def __call__(self, text: str, *, watch: Watch = unwatched) -> list[Tag]:
        half = len(text)
        seen = self._first(text, watch=lambda done, _: watch(done // 2, half))
        seen += self._second(text, watch=lambda done, _: watch((half + done) // 2, half))
        return list(_apart(seen))


def _apart(tags: list[Tag]) -> Iterator[Tag]:
    taken: set[int] = set()
    kept = []
    for tag in sorted(tags, key=lambda one: (-one.score, one.start)):
        if taken.isdisjoint(range(tag.start, tag.end)):
            taken.update(range(tag.start, tag.end))
            kept.append(tag)
    yield from sorted(kept, key=lambda one: one.start)
