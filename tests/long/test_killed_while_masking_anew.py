"""kill -9 of the worker at random moments while an agent's documents are masked anew, and the rules change meanwhile.

Guarantee: G-101. Nothing is lost, nothing stands twice in the index, and all of it is masked by the last rules.
"""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.long.command_line import Installation

DOCUMENTS = 40
KILLS = 10


@pytest.mark.long
def test_every_document_is_masked_by_the_last_rules(tmp_path: Path) -> None:
    chance = random.Random(1679)  # noqa: S311 - repeatable, not secret
    muniment = Installation(tmp_path)
    agent = muniment.run("agent", "create", "Kills", "--json")["id"]
    files = tmp_path / "files"
    files.mkdir()
    for number in range(DOCUMENTS):
        text = f"Dr. Margaret Holloway keeps the register of parish {number} on shelf {number}, with Nightjar.\n\n"
        (files / f"{number}.txt").write_text(text * chance.randrange(1, 20))
    muniment.run("ingest", agent, str(files), "--wait", "--json")
    for kill in range(KILLS):
        if kill in {0, KILLS // 2}:
            muniment.run("agent", "masking", agent, "--term", "Nightjar" if kill else "register", "--json")
        worker = subprocess.Popen(muniment.command("worker"), env=muniment.environment, start_new_session=True)
        time.sleep(chance.uniform(0.5, 3.0))  # not a wait for anything: the moment of the kill
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    with muniment.working():
        while (shown := muniment.run("agent", "masking", agent, "--json"))["documents"]["waiting"]:
            pass
    assert shown["documents"] == {"live": DOCUMENTS, "waiting": 0, "failed": 0}
    assert shown["masked"]["custom"] == shown["masked"]["person"]  # "register" of the earlier rules is there again
    for number in chance.sample(range(DOCUMENTS), 4):
        answer = muniment.run("ask", agent, f"On which shelf is the register of parish {number}?", "--json")
        assert answer["citations"]
    assert "Verified" in muniment.run("verify-log")
