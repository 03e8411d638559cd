"""Attacker: a file that took its parser over. Move: read the root key, the home, the system's files, a process's
memory through /proc; write, change or remove any file; use a handle somebody left open; find secrets in the
environment. Guarantee: G-60."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from muniment.crypto.root import FILE
from tests.ingest import planted
from tests.ingest.stage import Stage, is_refused, stage  # noqa: F401 - a fixture


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "register.txt"
    path.write_text("kept")
    return path


@pytest.mark.parametrize("place", ["root key", "home", "passwd", "memory"])
@pytest.mark.parametrize("act", ["read", "list", "stat"])
def test_nothing_is_read(stage: Stage, place: str, act: str) -> None:  # noqa: F811
    root = Path(settings.MUNIMENT_KEYS) / FILE
    home = next(path for path in Path(settings.MUNIMENT_HOME).parent.rglob("*") if path.is_file())
    memory = f"/proc/{stage.zygote()}/maps"
    path = {"root key": str(root), "home": str(home), "passwd": "/etc/passwd", "memory": memory}[place]
    assert planted.read_file(path)  # the test itself may read it
    assert is_refused(stage.attempt(act, path=str(Path(path).parent) if act == "list" else path))


@pytest.mark.parametrize("act", ["create", "append", "remove", "rename", "link", "folder", "mount"])
def test_nothing_is_written(stage: Stage, file: Path, act: str) -> None:  # noqa: F811
    path = file.with_suffix(".new") if act == "create" else file
    assert is_refused(stage.attempt(act, path=str(path)))
    assert [found.name for found in file.parent.iterdir()] == [file.name]
    assert file.read_text() == "kept"


@pytest.mark.parametrize("name", ["openat2", "name_to_handle_at", "chmod"])
def test_no_rarer_call_reaches_a_file(stage: Stage, name: str) -> None:  # noqa: F811
    assert is_refused(stage.attempt("call", name=name, values=[0, 0, 0, 0]))


def test_no_handle_is_left_open_but_its_two_pipes(stage: Stage) -> None:  # noqa: F811
    assert stage.attempt("handles") == "succeeded [0, 1]"
    assert is_refused(stage.attempt("write elsewhere"))


def test_its_environment_says_nothing(stage: Stage) -> None:  # noqa: F811
    environment = ast.literal_eval(stage.attempt("environment").removeprefix("succeeded "))
    assert set(environment) <= {
        "PYTHONPATH", "PYTHONHASHSEED", "LC_ALL", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"
    }  # fmt: skip
