"""The reviewed model as a tagger."""

import json

from muniment.pii.rampart.files import model_file
from muniment.pii.rampart.graph import in_bytes
from muniment.pii.rampart.tokens import TokenTagger
from muniment.pii.types import Label


class Rampart(TokenTagger):
    """Six layers of 384, uncased; 110 MB once loaded."""

    def __init__(self, *, threads: int) -> None:
        """Loads the model (half a second). Raises DetectorModelError."""
        names = json.loads(model_file("config.json"))["id2label"]
        super().__init__(
            model=in_bytes(model_file("onnx/model_q4.onnx"), labels=len(names)),
            tokenizer=model_file("tokenizer.json").decode(),
            labels=[_label(names[str(number)]) for number in range(len(names))],
            threads=threads,
        )


def _label(name: str) -> Label | None:
    return None if name == "O" else Label(name[2:])
