"""Attacker: one person, or many, with a team's budget for models.
Move: asks in several processes of the server at once, so that each still sees the same room.
Guarantee: G-84, together they are given no more than the budget holds, and all of that.
"""

import subprocess
import sys
from pathlib import Path

from tests.long.command_line import Installation

ROOT = Path(__file__).resolve().parents[2]
ROOM, TRIES = 25, 40


def _inside(muniment: Installation, module: str, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.long.inside", module, *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=muniment.environment, stdout=pipe, stderr=pipe, text=True)


def test_two_processes_share_one_budget(tmp_path: Path) -> None:
    muniment = Installation(tmp_path)
    allowing = _inside(muniment, "tests.long.allowing", str(10 * ROOM + 9))
    assert allowing.communicate() == ("", "")
    spending = [_inside(muniment, "tests.long.reserving", str(TRIES)) for _ in range(2)]
    results = [process.communicate() for process in spending]
    assert [error for _, error in results] == ["", ""]
    had = [int(said) for said, _ in results]
    assert sum(had) == ROOM
    assert max(had) <= ROOM < TRIES  # either could have had it alone
