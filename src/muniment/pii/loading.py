"""The model that looks for names, and beside it the one that the operator mounted."""

from pathlib import Path

from muniment.pii.mounted import Both, mounted_tagger
from muniment.pii.rampart.tagger import Rampart
from muniment.pii.types import Tagger


def load_tagger(*, threads: int, model: Path | None) -> Tagger:
    """Half a second, 80 MB, and whatever the mounted one costs. Raises DetectorModelError."""
    reviewed = Rampart(threads=threads)
    return reviewed if model is None else Both(reviewed, mounted_tagger(model, threads=threads))
