"""A folder with an ONNX model: what must lie in it, and what it is called.

    model.onnx         inputs input_ids and attention_mask, perhaps token_type_ids: int64[n, tokens]
    tokenizer.json     of Hugging Face's tokenizers
    muniment.json      what neither of them says; see `Card`

Whoever makes such a folder is trusted like the maker of a library: the model runs in our process.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal

from muniment.llm.errors import ModelFileError

_FILES = ("model.onnx", "tokenizer.json", "muniment.json")
_CHUNK = 2**20
_LONGEST = 8192


@dataclass(frozen=True, slots=True)
class Card:
    """muniment.json: an object of these, all but `name` optional.

    `pooling`: how the states of the tokens become one vector, unless the model gives one itself; for a reranker of no
    meaning. The prefixes are what the model was trained with before questions and before passages.
    """

    name: str
    pooling: Literal["mean", "first", "last"] = "mean"
    question_prefix: str = ""
    passage_prefix: str = ""
    max_tokens: int = 512


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder that has what it needs. `setting` names the one it comes from, for what is said about it."""

    path: Path
    card: Card
    setting: str

    @classmethod
    def read(cls, path: Path, *, setting: str) -> "ModelFolder":
        """Looks at the small files. Raises ModelFileError with the mend."""
        if missing := [name for name in _FILES if not (path / name).is_file()]:
            raise ModelFileError(
                f"{setting} names a folder without {' and '.join(missing)}. Put them there: the administrator guide "
                "says what each holds."
            )
        try:
            given = json.loads((path / "muniment.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise ModelFileError(f"muniment.json in the folder of {setting} is no JSON that can be read.") from None
        return cls(path, _card(given, setting), setting)

    @property
    def name(self) -> str:
        """Names model, weights and preparation: another file, another prefix, another name."""
        return f"{self.card.name}-{_digest(self.path)[:12]}"


def _card(given: Any, setting: str) -> Card:
    known = {field.name for field in fields(Card)}
    if not isinstance(given, dict) or not set(given) <= known:
        raise ModelFileError(f"muniment.json in the folder of {setting} may hold {', '.join(sorted(known))} only.")
    name, most = given.get("name"), given.get("max_tokens", 512)
    if not isinstance(name, str) or not 1 <= len(name) <= 80 or not name.isprintable():
        raise ModelFileError(f"muniment.json in the folder of {setting} needs a name of 1 to 80 characters.")
    if not isinstance(most, int) or not 16 <= most <= _LONGEST:
        raise ModelFileError(f"max_tokens in the folder of {setting} is a whole number from 16 to {_LONGEST}.")
    if given.get("pooling", "mean") not in {"mean", "first", "last"}:
        raise ModelFileError(f"pooling in the folder of {setting} is mean, first or last.")
    if not all(isinstance(given.get(one, ""), str) for one in ("question_prefix", "passage_prefix")):
        raise ModelFileError(f"The prefixes in the folder of {setting} are texts.")
    return Card(**given)


@cache
def _digest(path: Path) -> str:
    """Of all files; once a process: a model is changed by another folder, not under a running server."""
    digest = hashlib.sha256()
    for name in sorted(path.iterdir()):
        if name.is_file():
            with name.open("rb") as file:
                while piece := file.read(_CHUNK):
                    digest.update(piece)
    return digest.hexdigest()
