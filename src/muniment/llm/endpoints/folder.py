"""A folder that says where a model is reached: one file, `muniment.json`, an object of the fields of `Card`.

It stands where a folder with an ONNX model stands: so the one before stays in reach while its vectors are searched.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from django.conf import settings

from muniment.core.network.addresses import Target, split_address
from muniment.core.network.errors import AddressError
from muniment.llm.errors import ModelFileError, ModelRefusedError

_CARD = "muniment.json"
_LARGEST = 16_384
_LENGTHS = {"name": 80, "address": 500, "model": 200}
_NUMBERS = {"dimension": (0, 8192), "max_tokens": (16, 32_768), "patience": (1, 600)}
_TEXTS = ("question_prefix", "passage_prefix", "key_file")
_SWITCHES = ("shortened", "texts")
_IDENTITY = ("name", "model", "dimension", "shortened", "question_prefix", "passage_prefix")


@dataclass(frozen=True, slots=True)
class Card:
    """All but the first three optional; an embedding model needs its `dimension`, the length of its vectors, too.

    `address`: what stands before `/embeddings` or `/rerank`. `model`: as the endpoint calls it. `shortened`: ask for
    vectors of this dimension, of a model that gives longer ones. `key_file`: a file with the key, read at each call.
    `patience`: seconds for an answer. `texts`: a reranker that calls the passages so (Text Embeddings Inference). The
    prefixes as in `llm.onnx.folder.Card`.
    """

    name: str
    address: str
    model: str
    dimension: int = 0
    shortened: bool = False
    question_prefix: str = ""
    passage_prefix: str = ""
    max_tokens: int = 512
    key_file: str = ""
    patience: int = 60
    texts: bool = False


@dataclass(frozen=True, slots=True)
class EndpointFolder:
    """`setting` names the one it comes from, for what is said about it."""

    path: Path
    card: Card
    setting: str

    @classmethod
    def read(cls, path: Path, *, setting: str, embeds: bool) -> "EndpointFolder | None":
        """None where the folder is not an endpoint's. Raises ModelFileError with the mend."""
        given = _given(path)
        if given is None or "address" not in given:
            return None
        found = cls(path, _card(given, setting), setting)
        if (path / "model.onnx").exists():
            raise found.wrong("holds both a model.onnx and an address. Take one of them out")
        if embeds and not found.card.dimension:
            raise found.wrong("needs a dimension, the length of the vectors that the model gives. Write it there")
        _check_target(found)
        return found

    @property
    def name(self) -> str:
        """Names model and preparation: with another model, dimension or prefix, another name.

        Residue accepted: a host that puts another model of this dimension behind the same name is not noticed; the
        administrator guide says to change `name` then. Not in it: the address, so that a model can move.
        """
        said = {key: value for key, value in asdict(self.card).items() if key in _IDENTITY}
        return f"{self.card.name}-{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]}"

    @property
    def target(self) -> Target:
        return split_address(self.card.address)[0]

    @property
    def is_inside(self) -> bool:
        """Whether it is a host of the operator's own."""
        return self.target in settings.MUNIMENT_INTERNAL_HOSTS

    def key(self) -> str:
        """Of its file, read now: a changed key counts at once. Raises ModelFileError."""
        if not self.card.key_file:
            return ""
        try:
            found = (self.path / self.card.key_file).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            raise self.wrong("names a key_file that cannot be read. Check its path and who may read it") from None
        if not found or not found.isascii() or not found.isprintable() or " " in found:
            raise self.wrong("names a key_file that holds no key. It holds the key and nothing else") from None
        return found

    def wrong(self, what: str) -> ModelFileError:
        return ModelFileError(f"muniment.json in the folder of {self.setting} {what}.")

    def refused(self, sentence: str, **values: object) -> ModelRefusedError:
        """`sentence` names {model} and {setting}, and what else it needs."""
        return ModelRefusedError(sentence, model=self.card.name, setting=self.setting, **values)


def _given(path: Path) -> dict[str, Any] | None:
    """None for what is left to who reads folders with models, and says what is wrong with it."""
    try:
        with (path / _CARD).open("rb") as file:
            given = json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None


def _card(given: dict[str, Any], setting: str) -> Card:
    def wrong(what: str) -> ModelFileError:
        return ModelFileError(f"muniment.json in the folder of {setting} {what}.")

    known = {field.name for field in fields(Card)}
    if not set(given) <= known:
        raise wrong(f"has an address, so it may hold {', '.join(sorted(known))} only")
    for name, longest in _LENGTHS.items():
        said = given.get(name)
        if not isinstance(said, str) or not 1 <= len(said) <= longest or not said.isprintable():
            raise wrong(f"needs a text of 1 to {longest} characters for {name}")
    for name, (low, high) in _NUMBERS.items():
        number = given.get(name, low)
        if type(number) is not int or not low <= number <= high:
            raise wrong(f"needs a whole number from {low} to {high} for {name}")
    if not all(isinstance(given.get(name, False), bool) for name in _SWITCHES):
        raise wrong(f"needs true or false for {' and '.join(_SWITCHES)}")
    if not all(isinstance(given.get(name, ""), str) for name in _TEXTS):
        raise wrong(f"needs texts for {', '.join(_TEXTS)}")
    return Card(**given)


def _check_target(found: EndpointFolder) -> None:
    try:
        target = found.target
    except AddressError as error:
        raise ModelFileError(f"The address in the folder of {found.setting} is none: {error}") from None
    if target.scheme not in {"http", "https"}:
        raise found.wrong("needs an address that looks like https://models.example.org/v1")
    if target.scheme == "http" and target not in settings.MUNIMENT_INTERNAL_HOSTS:
        raise found.wrong(f"names {target}, which is not encrypted. Use https, or list it in MUNIMENT_INTERNAL_HOSTS")
