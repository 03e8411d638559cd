"""What is known of the models of this installation."""

from importlib.util import find_spec
from pathlib import Path

from muniment.llm.minilm.weights import PACKAGE


def model_present() -> bool:
    """Whether the embedding model's file is there. Its bytes are checked when it is loaded."""
    found = find_spec(PACKAGE)
    folders = found.submodule_search_locations if found else None
    return any((Path(folder) / "model.onnx").is_file() for folder in folders or ())
