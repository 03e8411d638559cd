"""A local model whose file took its child over, and what becomes of its attempts."""

import json
import os
from pathlib import Path
from typing import Any

from muniment.core.errors import MunimentError
from muniment.llm.local import process
from muniment.llm.local.model import LocalModel
from tests.ingest.stage import REFUSALS, ROOT
from tests.llm.local_models import answer

ENDED = "ended"


def _environment(threads: int) -> dict[str, str]:
    real = process.environment(threads)
    return {**real, "PYTHONPATH": f"{real['PYTHONPATH']}{os.pathsep}{ROOT}"}


class HostileModel(LocalModel):
    _module = "tests.llm.planted_model"
    _environment = staticmethod(_environment)

    def attempt(self, act: str, **arguments: Any) -> str:
        """How it ended: "refused N", "succeeded …", or that the child was ended for it."""
        try:
            return answer(self, json.dumps({"act": act, **arguments}))
        except MunimentError:
            return ENDED


def is_refused(ended: str) -> bool:
    word, _, number = ended.partition(" ")
    return ended == ENDED or (word == "refused" and int(number) in REFUSALS)


def model_file(folder: Path) -> Path:
    """A file that looks like one from outside."""
    path = folder / "hostile.gguf"
    path.write_bytes(b"GGUF" + bytes(100))
    return path
