"""kill -9 of the worker at random moments while documents come in: nothing is lost, half-visible or double."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

DOCUMENTS = 60
KILLS = 15


def _muniment(home: Path, *arguments: str) -> Any:
    done = subprocess.run(_command(*arguments), env=_environment(home), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]) if "--json" in arguments else done.stdout


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "muniment", *arguments]


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "MUNIMENT_HOME": str(home / "home"), "MUNIMENT_KEYS": str(home / "keys")}


@pytest.mark.long
def test_every_document_is_live_exactly_once(tmp_path: Path) -> None:
    chance = random.Random(1215)  # noqa: S311 - repeatable, not secret
    agent = _muniment(tmp_path, "agent", "create", "Kills", "--json")["id"]
    files = tmp_path / "files"
    files.mkdir()
    for number in range(DOCUMENTS):
        text = f"Shelf {number} holds the register of parish {number}.\n\n" * chance.randrange(1, 40)
        (files / f"{number}.txt").write_text(text)
    _muniment(tmp_path, "ingest", agent, str(files), "--json")
    for _ in range(KILLS):
        worker = subprocess.Popen(_command("worker"), env=_environment(tmp_path), start_new_session=True)
        time.sleep(chance.uniform(0.5, 3.0))  # not a wait for anything: the moment of the kill
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    again = _muniment(tmp_path, "ingest", agent, str(files), "--wait", "--json")["documents"]
    assert len(again) == DOCUMENTS
    assert {document["state"] for document in again} == {"live"}
    assert all(document["duplicate"] for document in again)
    for number in chance.sample(range(DOCUMENTS), 8):
        answer = _muniment(tmp_path, "ask", agent, f"What does shelf {number} hold?", "--json")
        assert {citation["document"] for citation in answer["citations"]} <= {f"files/{number}.txt", f"{number}.txt"}
        assert answer["citations"]
    assert "Verified" in _muniment(tmp_path, "verify-log")
