"""kill -9 of `muniment serve` and its worker while a browser uploads, asks and deletes: acts equal events. G-30."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.terminal import free_port
from tests.journeys.server import Server
from tests.journeys.visitor import Answer, Visitor, claimed

KILLS = 50
ROOT = Path(__file__).resolve().parents[2]
UPLOAD = "application/octet-stream"


@dataclass
class Browser:
    """Somebody who goes on uploading, asking and deleting until the server is gone; remembers what was confirmed."""

    visitor: Visitor
    agent: str
    chance: random.Random
    kept: set[str] = field(default_factory=set)
    doomed: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    asked: int = 0
    answers: int = 0
    gone: threading.Event = field(default_factory=threading.Event)

    def go_on(self) -> None:
        while not self.gone.wait(0.005):
            with suppress(OSError, ValueError, IndexError):  # not there yet, or the connection ended, or half an answer
                self.chance.choices([self._upload, self._ask, self._delete], (5, 3, 2))[0]()
                self.answers += 1

    def _upload(self) -> None:
        number = self.chance.getrandbits(40)
        text = f"Shelf {number} holds the register of parish {number}.\n\n".encode() * self.chance.randrange(1, 30)
        token = self.visitor.token(f"{self.agent}/knowledge")
        named = {"X_Document_Name": f"{number}.txt", "X_CSRFToken": token, "Content_Type": UPLOAD}
        sending = self.visitor.begin("POST", f"{self.agent}/documents", **named, Content_Length=str(len(text)))
        sending.send(text)
        answer = sending.answer()
        if 200 <= answer.status < 300:
            self.kept.add(answer.json()["document"])

    def _ask(self) -> None:
        asked = [("question", "Which shelf holds the register of a parish?")]
        if self._posted("/ask", asked, page="").status == 302:
            self.asked += 1

    def _delete(self) -> None:
        rows = re.findall(r'name="document" value="(\w{26})"', self.visitor.get(f"{self.agent}/knowledge").text)
        if rows:
            document = self.chance.choice(rows)
            self.doomed.add(document)
            if self._posted("/documents/delete", [("document", document)], page="/knowledge").status == 302:
                self.deleted.add(document)

    def _posted(self, path: str, fields: list[tuple[str, str]], *, page: str) -> Answer:
        return self.visitor.post(f"{self.agent}{path}", fields, page=f"{self.agent}{page}")


def _serve(server: Server) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        server.command("serve"), env=server.environment, stdout=subprocess.PIPE, start_new_session=True, text=True
    )
    assert process.stdout is not None
    assert server.address in process.stdout.readline()
    return process


def _kill(process: "subprocess.Popen[str]") -> None:
    os.killpg(process.pid, signal.SIGKILL)  # the worker is in its group
    process.wait()
    if process.stdout:
        process.stdout.close()


@pytest.mark.long
def test_the_server_is_killed_while_somebody_works(tmp_path: Path) -> None:
    chance = random.Random(1297)  # noqa: S311 - repeatable, not secret
    server = Server(tmp_path, free_port(), {})
    process = _serve(server)
    visitor = claimed(server)
    made = visitor.post("/agents/new", [("name", "Museum")]).headers["location"]
    browser = Browser(visitor, made.removesuffix("/knowledge"), chance)
    for _ in range(KILLS):
        before = browser.answers
        browser.gone.clear()
        at_work = threading.Thread(target=browser.go_on)
        at_work.start()
        while browser.answers < before + 2 and at_work.is_alive():
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.5))  # not a wait for anything: the moment of the kill
        _kill(process)
        browser.gone.set()
        at_work.join()
        process = _serve(server)
    _kill(process)
    assert browser.kept
    assert browser.deleted
    assert browser.asked
    inspection = [sys.executable, "-m", "tests.long.inside", "tests.long.inspection"]
    done = subprocess.run(inspection, cwd=ROOT, env=server.environment, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["faults"] == []
    assert browser.kept - browser.doomed - set(found["documents"]) == set()
    assert browser.deleted & set(found["documents"]) == set()
    assert len(found["conversations"]) >= browser.asked
