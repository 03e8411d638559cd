"""kill -9 of the worker at random moments while everything is embedded anew: every question before, while and after is
answered, and in the end one model alone is searched, every piece by it."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.llm.onnx_folders import embedder_folder
from tests.long.command_line import Installation

PIECES = 300
KILLS = 6


class Changed(Installation):
    """The installation with another embedding model in its settings."""

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "MUNIMENT_EMBEDDING_MODEL": str(self.folder / "model")}


@pytest.mark.long
def test_nothing_is_lost_and_questions_are_answered(tmp_path: Path) -> None:
    chance = random.Random(42)  # noqa: S311 - repeatable, not secret
    before, after = Installation(tmp_path), Changed(tmp_path)
    agent = before.run("agent", "create", "Kills", "--masking", "off", "--json")["id"]
    (tmp_path / "files").mkdir()
    for number in range(PIECES):
        (tmp_path / "files" / f"{number}.txt").write_text(f"The ferns of garden {number} are open monday.")
    before.run("ingest", agent, str(tmp_path / "files"), "--wait", "--json")
    embedder_folder(tmp_path / "model")
    for muniment in [before, *[after] * KILLS]:
        worker = subprocess.Popen(muniment.command("worker"), env=muniment.environment, start_new_session=True)
        time.sleep(chance.uniform(1.0, 4.0))  # not a wait for anything: the moment of the kill
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        _ask(muniment, agent, chance.randrange(PIECES))
    seen = after.run("doctor", "--json")
    assert {part["part"]: part["state"] for part in seen}["agents"] == "ok"
    with after.working():
        while not (found := _counts(after, agent))["done"]:
            time.sleep(0.5)
    assert found["models"] == found["records"] == 1
    assert found["indexed"] == found["chunks"] == PIECES
    for number in chance.sample(range(PIECES), 5):
        _ask(after, agent, number)


def _ask(muniment: Installation, agent: str, number: int) -> None:
    answer = muniment.run("ask", agent, f"When are the ferns of garden {number} open?", "--json")
    assert {citation["document"] for citation in answer["citations"]} <= {f"files/{number}.txt", f"{number}.txt"}
    assert answer["citations"]


_COUNT = """
import django, json, sys
django.setup()
from muniment.agents.models import Agent
from muniment.retrieval.labels import is_vectors, models_of
from muniment.silo.chunks import chunks_of
from muniment.silo.services import open_silo
silo = open_silo(Agent.objects.get(pk=sys.argv[1]).silo)
with silo.reading() as reader:
    infos = reader.segments()
    records = [chunk.model for chunk in chunks_of(reader)]
indexed = sum(info.chunks for info in infos if is_vectors(info.label))
found = models_of(infos)
print(json.dumps({"models": len(found), "records": len(set(records)), "chunks": len(records), "indexed": indexed,
                  "done": found == set(records) and len(found) == 1 and "all-MiniLM-L6-v2-int8" not in found}))
"""


def _counts(muniment: Installation, agent: str) -> dict[str, int]:

    environment = {**muniment.environment, "DJANGO_SETTINGS_MODULE": "muniment.settings"}
    done = subprocess.run([sys.executable, "-c", _COUNT, agent], env=environment, stdout=subprocess.PIPE, check=True)
    found: dict[str, int] = json.loads(done.stdout)
    return found
