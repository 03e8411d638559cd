"""Attacker: has three servers run on one home, and asks those that did not carry out a deletion.

Move: each has opened and cached everything: index, keys, documents, conversations. One deletes a document, a
conversation, an agent; the others are asked, at once and on every path, for what they had answered before.

Guarantee: G-15. From the moment in which the deletion returned, none of them answers.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.long.command_line import Installation

ROOT = Path(__file__).resolve().parents[2]
PHRASE = "zanzibarquartz"
DELETED = f"The {PHRASE} lantern hangs in room nine of the night market."
KEPT = "The herbarium is open to visitors on Mondays."
QUESTION = f"Where does the {PHRASE} lantern hang?"


class Server:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self, *line: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@pytest.fixture
def muniment(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


@pytest.fixture
def museum(muniment: Installation, tmp_path: Path) -> tuple[str, str]:
    """An agent, and the document in it that will be deleted."""
    agent = muniment.run("agent", "create", "Museum", "--json")["id"]
    files = tmp_path / "files"
    files.mkdir()
    (files / "deleted.txt").write_text(DELETED)
    (files / "kept.txt").write_text(KEPT)
    given = muniment.run("ingest", agent, str(files), "--wait", "--json")["documents"]
    return agent, next(one["document"] for one in given if one["name"].endswith("deleted.txt"))


@pytest.fixture
def servers(muniment: Installation, museum: tuple[str, str]) -> Iterator[list[Server]]:
    command = [sys.executable, "-m", "tests.long.inside", "tests.long.answering"]
    pipe = subprocess.PIPE
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(command, cwd=ROOT, env=muniment.environment, stdin=pipe, stdout=pipe, text=True)
            )
            for _ in range(3)
        ]
        yield [Server(process) for process in processes]
        for process in processes:
            if process.stdin:
                process.stdin.close()


def test_none_of_three_servers_answers_from_what_one_deleted(servers: list[Server], museum: tuple[str, str]) -> None:
    (agent, document), deleter, others = museum, servers[0], servers[1:]
    reads = [("ask", agent, QUESTION), ("open", agent, document), ("original", agent, document)]
    for server in servers:
        assert all(DELETED in server(*read) for read in reads)
        assert "deleted.txt" in server("name", agent, document)
    (talk,) = _talks(others[0]("lists", agent))[:1]
    assert all(PHRASE in server("talk", agent, talk) for server in servers)

    assert deleter("delete_document", agent, document) == "1"
    for server in servers:
        said = [server(*read) for read in [*reads, ("name", agent, document), ("lists", agent), ("talk", agent, talk)]]
        assert DELETED not in str(said)
        assert "Refused" in said[0]
        assert _refused(said[1])
        assert "deleted.txt" not in str(said)
        assert KEPT in server("ask", agent, "When is the herbarium open to visitors?")

    assert PHRASE in others[0]("talk", agent, talk)  # the question itself is the conversation's
    deleter("delete_talk", agent, talk)
    assert all(_refused(server("talk", agent, talk)) for server in servers)
    assert talk not in str([server("lists", agent) for server in servers])

    deleter("delete_agent", agent)
    for server in servers:
        for read in (*reads, ("name", agent, document), ("lists", agent), ("talk", agent, talk)):
            assert _refused(server(*read))


def _refused(came: Any) -> bool:
    return isinstance(came, dict) and came["refused"] == "NotFoundError"


def _talks(listed: str) -> list[str]:
    return [part.split("'")[1] for part in listed.split("Talk(id=")[1:]]
