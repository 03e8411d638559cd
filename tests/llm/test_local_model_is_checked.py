"""It is said of the local model whether extra and file are there, and the mend where not."""

from pathlib import Path

import pytest

from muniment.llm import services
from muniment.llm.errors import ModelFileError
from muniment.llm.local import model as local


def test_none_is_set() -> None:
    assert services.check_local_model() == ""
    assert services.local_model() is None


def test_one_is_there(tmp_path: Path, settings: object) -> None:
    _set(settings, tmp_path, b"GGUF")
    assert services.check_local_model() == "a on this machine"


def test_the_file_is_none(tmp_path: Path, settings: object) -> None:
    _set(settings, tmp_path, b"PK")
    with pytest.raises(ModelFileError, match="Set it to one"):
        services.check_local_model()


def test_the_extra_is_missing(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    _set(settings, tmp_path, b"GGUF")
    monkeypatch.setattr(local, "library_path", lambda: None)
    with pytest.raises(ModelFileError, match="make local"):
        services.check_local_model()


def _set(settings: object, folder: Path, content: bytes) -> None:
    path = folder / "a.gguf"
    path.write_bytes(content)
    settings.MUNIMENT_LOCAL_MODEL = str(path)  # type: ignore[attr-defined]
