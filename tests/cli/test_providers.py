"""`muniment provider` and the model of an agent, from the command line, to the answer and to its absence."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.llm.endpoints import embedding, endpoint_folder
from tests.llm.fake_provider import failure, providing
from tests.long.command_line import Installation

pytestmark = pytest.mark.usefixtures("loopback")
TEXT = "Parking behind the east wing costs two euros per hour.\n"
QUESTION = "What does parking behind the east wing cost?"


def _run(muniment: Installation, *words: str, hosts: str, given: str = "") -> tuple[int, str, str]:
    environment = {**os.environ, **muniment.environment, "MUNIMENT_INTERNAL_HOSTS": hosts}
    command = muniment.command(*words)
    done = subprocess.run(command, env=environment, input=given, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def _added(muniment: Installation, base_url: str, hosts: str) -> dict[str, Any]:
    words = ("provider", "add", "Here", base_url, "tiny", "--key-file", "-", "--json")
    code, out, error = _run(muniment, *words, hosts=hosts, given="sk-of-a-test\n")
    assert code == 0, error
    return dict(json.loads(out))


def test_from_adding_to_removing(tmp_path: Path) -> None:
    muniment = Installation(tmp_path)
    (tmp_path / "house.txt").write_text(TEXT)
    with providing(lambda _: failure("401 No")) as fake:
        hosts = fake.address
        code, _, error = _run(muniment, "provider", "add", "Here", fake.base_url, "tiny", hosts="")
        assert (code, "not encrypted" in error) == (1, True)
        added = _added(muniment, fake.base_url, hosts)
        assert (added["inside"], added["has_key"]) == (True, True)
        code, out, _ = _run(muniment, "provider", "list", hosts=hosts)
        assert "Here" in out
        assert "sk-of" not in out
        code, out, _ = _run(muniment, "provider", "test", "Here", "--json", hosts=hosts)
        trial = json.loads(out)
        assert (code, trial["answered"], trial["models"]) == (1, False, ["tiny", "large"])
        assert trial["sentence"].endswith(".")
        assert "sk-of" not in trial["sentence"]
        agent = muniment.run("agent", "create", "House", "--json")["id"]
        muniment.run("ingest", agent, str(tmp_path / "house.txt"), "--wait", "--json")
        assert _run(muniment, "agent", "update", agent, "--provider", "Here", hosts=hosts)[0] == 0
        assert _run(muniment, "provider", "remove", "Here", hosts=hosts)[0] == 0
        code, out, error = _run(muniment, "ask", agent, QUESTION, hosts=hosts)
        assert (code, "--quote" in error) == (1, True)
        code, out, error = _run(muniment, "ask", agent, QUESTION, "--quote", hosts=hosts)
        assert (code, TEXT.strip() in out) == (0, True), error
    assert b"Bearer sk-of-a-test" in fake.outbound


def test_the_models_of_the_search_are_asked_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    muniment = Installation(tmp_path / "home")
    code, out, _ = _run(muniment, "provider", "models", hosts="")
    assert (code, out.count("on this machine: answered in")) == (0, 1)
    with providing(embedding()) as good, providing(lambda _: failure("503 Down")) as bad:
        hosts = f"{good.address} {bad.address}"
        monkeypatch.setenv("MUNIMENT_EMBEDDING_MODEL", str(endpoint_folder(tmp_path / "embeds", good)))
        monkeypatch.setenv("MUNIMENT_RERANKER", str(endpoint_folder(tmp_path / "orders", bad, name="orders")))
        code, out, _ = _run(muniment, "provider", "models", "--json", hosts=hosts)
        embeds, orders = json.loads(out)
        assert (code, embeds["answered"], embeds["address"]) == (1, True, good.base_url)
        assert (orders["use"], orders["answered"]) == ("reranker", False)
        assert "503" in orders["sentence"]
        code, out, _ = _run(muniment, "doctor", hosts=hosts)
        assert f"orders, at {bad.base_url}" in out
        code, _, error = _run(muniment, "provider", "models", hosts="")
        assert (code, "MUNIMENT_INTERNAL_HOSTS" in error) == (1, True)
