"""Attacker: a file that took its parser over. Move: fork, run a program, start a thread, map memory it may execute,
make a file in memory to run. Guarantee: G-60."""

import os

import pytest

from muniment.ingest.errors import Reason
from tests.ingest.stage import Stage, is_refused, stage  # noqa: F401 - a fixture


def test_what_is_tried_works_outside_of_the_sandbox() -> None:
    process = os.posix_spawn("/bin/true", ["true"], {})
    assert os.waitpid(process, 0)[1] == 0


@pytest.mark.parametrize("act", ["fork", "vfork", "exec", "spawn", "thread"])
def test_no_process_starts(stage: Stage, act: str) -> None:  # noqa: F811
    assert stage.attempt(act) == Reason.FORBIDDEN_ACT


@pytest.mark.parametrize("name", ["clone3", "unshare", "setns"])
def test_no_rarer_call_starts_one(stage: Stage, name: str) -> None:  # noqa: F811
    assert stage.attempt("call", name=name, values=[0, 0]) == Reason.FORBIDDEN_ACT


def test_no_memory_becomes_executable(stage: Stage) -> None:  # noqa: F811
    assert is_refused(stage.attempt("executable"))


def test_no_file_in_memory_is_made(stage: Stage) -> None:  # noqa: F811
    assert is_refused(stage.attempt("call", name="memfd_create", values=[0, 0]))
