"""Attacker: a file that took its parser over. Move: look into its parent's memory, trace it, kill it, stop it, kill
everybody, loosen its own limits. Guarantee: G-60."""

import os
import signal
import subprocess

import pytest

from muniment.ingest.errors import Reason
from tests.ingest import planted
from tests.ingest.stage import Stage, is_refused, stage  # noqa: F401 - a fixture


def test_what_is_tried_works_outside_of_the_sandbox() -> None:
    assert planted.peek(os.getpid()) == 8
    sleeper = subprocess.Popen(["/bin/sleep", "60"])
    os.kill(sleeper.pid, signal.SIGKILL)
    assert sleeper.wait() == -signal.SIGKILL


@pytest.mark.parametrize("act", ["ptrace", "peek"])
def test_no_memory_of_another_process_is_read(stage: Stage, act: str) -> None:  # noqa: F811
    assert stage.attempt(act, process=stage.zygote()) == Reason.FORBIDDEN_ACT
    assert stage.attempt(act, process=os.getpid()) == Reason.FORBIDDEN_ACT


@pytest.mark.parametrize("act", ["kill", "tgkill", "renice"])
def test_no_signal_reaches_another_process(stage: Stage, act: str) -> None:  # noqa: F811
    zygote = stage.zygote()
    assert is_refused(stage.attempt(act, process=zygote, signal=signal.SIGKILL))
    assert is_refused(stage.attempt(act, process=os.getpid(), signal=0))
    assert stage.zygote() == zygote


@pytest.mark.parametrize("everybody", [-1, 0])
def test_no_signal_reaches_everybody(stage: Stage, everybody: int) -> None:  # noqa: F811
    """Signal 0 asks only whether one might: a broken wall must not cost the machine its processes."""
    assert is_refused(stage.attempt("kill", process=everybody, signal=0))


@pytest.mark.parametrize(
    "name", ["prlimit64", "setrlimit", "prctl", "pidfd_open", "bpf", "keyctl", "perf_event_open", "userfaultfd"]
)
def test_no_limit_is_loosened_and_no_rarer_call_answers(stage: Stage, name: str) -> None:  # noqa: F811
    assert is_refused(stage.attempt("call", name=name, values=[0, 0, 0, 0]))


@pytest.mark.parametrize("name", ["dup", "pipe2", "shmget", "inotify_init"])
def test_nothing_new_is_opened(stage: Stage, name: str) -> None:  # noqa: F811
    assert is_refused(stage.attempt("call", name=name, values=[0, 0, 0]))
