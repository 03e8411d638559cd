"""A long log is verified for minutes: a line at each tenth where nobody looks, a bar where somebody does."""

import os
import pty
import subprocess
import sys

import pytest

from tests.cli.terminal import Terminal

MANY = """
import django; django.setup()
from django.db import transaction
from muniment.audit.services import checkpoint_now, record
from muniment.core.actors import SYSTEM
with transaction.atomic():
    for _ in range(3000):
        record(kind="agent:agent:updated", actor=SYSTEM, facts={"fields": 1})
checkpoint_now()
"""


@pytest.fixture
def long_log(installed: Terminal) -> Terminal:
    installed.run("agent", "list")
    environment = installed.environment(DJANGO_SETTINGS_MODULE="muniment.settings")
    subprocess.run([sys.executable, "-c", MANY], env=environment, check=True)
    return installed


def test_a_line_at_each_step_where_nobody_looks(long_log: Terminal) -> None:
    code, said, complained = long_log.attempt("verify-log")
    assert (code, said.startswith("Verified: ")) == (0, True)
    lines = complained.splitlines()
    assert len(lines) > 4
    assert all(line.startswith("Verifying: ") for line in lines)
    done, _, of = lines[-1].removeprefix("Verifying: ").partition(" of ")
    assert done == of
    assert int(of) >= 6000


def test_a_bar_where_somebody_looks(long_log: Terminal) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "muniment", "verify-log"]
    subprocess.run(command, env=long_log.environment(), stdout=subprocess.DEVNULL, stderr=theirs, check=True)
    os.close(theirs)
    seen = os.read(ours, 65536).decode()
    os.close(ours)
    assert "Verifying  [" in seen
    assert "100%" in seen


def test_a_short_log_says_nothing_on_the_way(installed: Terminal) -> None:
    code, _, complained = installed.attempt("verify-log")
    assert (code, complained) == (0, "")
