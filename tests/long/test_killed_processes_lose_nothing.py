"""kill -9 at random moments of a process that acts as the server does and of the worker beside it: acts equal events.

Nothing that was reported done is lost, nothing reported deleted is there, nothing is half visible or double, and
neither control plane nor silos nor keyring are damaged (`tests/long/inspection.py` looks at every one of them).
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.long.acting import ACTS
from tests.long.command_line import Installation

KILLS = 50
ROOT = Path(__file__).resolve().parents[2]
_INSIDE = [sys.executable, "-m", "tests.long.inside"]


@dataclass
class Told:
    """What the killed processes said: things made, and things whose deletion had begun or was done."""

    made: dict[str, set[str]] = field(default_factory=lambda: {"documents": set(), "conversations": set()})
    agents_of: dict[str, str] = field(default_factory=dict)
    doomed: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    killed_in: list[str] = field(default_factory=list)

    def hear(self, act: str, agent: str, thing: str, *, done: bool) -> None:
        if act.startswith("delete") or (act == "replace" and not done):
            self.doomed.add(thing)
        if act.startswith("delete") and done:
            self.deleted.add(thing)
        kind = {"upload": "documents", "replace": "documents", "ask": "conversations"}.get(act)
        if kind and done:
            self.made[kind].add(thing)
            self.agents_of[thing] = agent

    def must_be_there(self, kind: str) -> set[str]:
        return {one for one in self.made[kind] if not {one, self.agents_of[one]} & self.doomed}


@contextmanager
def _process(muniment: Installation, *command: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        command, cwd=ROOT, env=muniment.environment, stdout=subprocess.PIPE, start_new_session=True, text=True
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()


def _kill_once(muniment: Installation, chance: random.Random, wanted: str, told: Told) -> None:
    """Both processes run until the wanted act has begun for the nth time and a moment more; then both are killed."""
    skipped, begun = chance.randrange(3), ""
    acting = [*_INSIDE, "tests.long.acting", str(chance.getrandbits(32))]
    with _process(muniment, *muniment.command("worker")), _process(muniment, *acting) as process:
        assert process.stdout is not None
        for line in process.stdout:
            act, agent, thing, done = json.loads(line)
            told.hear(act, agent, thing, done=done)
            begun = "" if done else act
            if act == wanted and not done:
                skipped -= 1
                if skipped < 0:
                    break
        time.sleep(chance.uniform(0, 0.06))  # not a wait for anything: the moment of the kill, inside the act
        os.killpg(process.pid, signal.SIGKILL)
        for line in process.stdout:  # what it had said before it died
            act, agent, thing, done = json.loads(line)
            told.hear(act, agent, thing, done=done)
            begun = "" if done else act
        told.killed_in.append(begun)
        time.sleep(chance.uniform(0, 0.8))  # the moment of the worker's kill


@pytest.mark.long
def test_acts_equal_events_after_fifty_kills(tmp_path: Path) -> None:
    chance = random.Random(1215)  # noqa: S311 - repeatable, not secret
    muniment, told = Installation(tmp_path), Told()
    for number in range(KILLS):
        _kill_once(muniment, chance, ACTS[number % len(ACTS)], told)
    assert len([act for act in told.killed_in if act]) >= KILLS // 3, "too few were killed inside an act"
    inspection = [*_INSIDE, "tests.long.inspection"]
    done = subprocess.run(inspection, cwd=ROOT, env=muniment.environment, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    assert found["faults"] == []
    for kind in ("documents", "conversations"):
        assert len(told.made[kind]) > 5
        assert told.must_be_there(kind) - set(found[kind]) == set()
        assert told.deleted & set(found[kind]) == set()
    assert told.deleted & set(found["agents"]) == set()
    assert "Verified" in muniment.run("verify-log")
