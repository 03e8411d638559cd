"""The disk is full while somebody asks: the question fails with a sentence, nothing is damaged, and it works again."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attacks.test_deleted_here_answers_nowhere import Server
from tests.long.command_line import Installation
from tests.small_disk import SmallDisk

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "Where does the herbarium keep its ferns?"
INSIDE = [sys.executable, "-m", "tests.long.inside"]


@pytest.mark.parametrize("leave", [0, 65_536], ids=lambda bytes_: f"{bytes_} bytes left")
def test_a_question_on_a_full_disk(small_disk: Callable[[int], SmallDisk], tmp_path: Path, leave: int) -> None:
    disk = small_disk(32 * 2**20)
    muniment, file = Installation(disk.folder), tmp_path / "ferns.txt"
    file.write_text("The herbarium keeps its ferns in the third cabinet.")
    agent = muniment.run("agent", "create", "Museum", "--json")["id"]
    muniment.run("ingest", agent, str(file), "--wait")
    pipe = subprocess.PIPE
    command = [*INSIDE, "tests.long.answering"]
    with subprocess.Popen(command, cwd=ROOT, env=muniment.environment, stdin=pipe, stdout=pipe, text=True) as process:
        server = Server(process)
        assert "third cabinet" in server("ask", agent, QUESTION)
        disk.fill(leave=leave)
        refused = [server("ask", agent, QUESTION) for _ in range(12)][-1]
        assert refused["refused"] in {"TransientError", "SiloFullError"}
        assert refused["sentence"].startswith("The disk is full.")
        assert "third cabinet" in server("lists", agent) or "ferns.txt" in server("lists", agent)  # reading goes on
        disk.empty()
        assert "third cabinet" in server("ask", agent, QUESTION)
        assert process.stdin
        process.stdin.close()
    inspection = [*INSIDE, "tests.long.inspection"]
    done = subprocess.run(inspection, cwd=ROOT, env=muniment.environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1])["faults"] == []
