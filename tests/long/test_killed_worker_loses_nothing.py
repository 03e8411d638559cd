"""kill -9 of the worker at random moments while documents come in: nothing is lost, half-visible or double."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.long.command_line import Installation

DOCUMENTS = 60
KILLS = 15


@pytest.mark.long
def test_every_document_is_live_exactly_once(tmp_path: Path) -> None:
    chance = random.Random(1215)  # noqa: S311 - repeatable, not secret
    muniment = Installation(tmp_path)
    agent = muniment.run("agent", "create", "Kills", "--json")["id"]
    files = tmp_path / "files"
    files.mkdir()
    for number in range(DOCUMENTS):
        text = f"Shelf {number} holds the register of parish {number}.\n\n" * chance.randrange(1, 40)
        (files / f"{number}.txt").write_text(text)
    muniment.run("ingest", agent, str(files), "--json")
    for _ in range(KILLS):
        worker = subprocess.Popen(muniment.command("worker"), env=muniment.environment, start_new_session=True)
        time.sleep(chance.uniform(0.5, 3.0))  # not a wait for anything: the moment of the kill
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    again = muniment.run("ingest", agent, str(files), "--wait", "--json")["documents"]
    assert len(again) == DOCUMENTS
    assert {document["state"] for document in again} == {"live"}
    assert all(document["duplicate"] for document in again)
    for number in chance.sample(range(DOCUMENTS), 8):
        answer = muniment.run("ask", agent, f"What does shelf {number} hold?", "--json")
        assert {citation["document"] for citation in answer["citations"]} <= {f"files/{number}.txt", f"{number}.txt"}
        assert answer["citations"]
    assert "Verified" in muniment.run("verify-log")
