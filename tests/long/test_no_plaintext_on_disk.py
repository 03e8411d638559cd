"""Canaries in a PDF of 20 MB, a DOCX, a question and its answer: on no disk, at no time, in no form.

Attacker: has a copy of the disk, taken while files are read or after a crash. Guarantees: G-63, G-98.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.ingest import files
from tests.long.canaries import canary, forms, hits
from tests.long.command_line import Installation

pytestmark = pytest.mark.long
MEBIBYTE = 2**20
WAIT = 240.0


@dataclass(frozen=True)
class Watched(Installation):
    """Its temporary and working folders are its own, so that every file it makes is found."""

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            "TMPDIR": str(self.folder / "temp"),
            "HOME": str(self.folder / "work"),
            "MUNIMENT_PORT": str(self.port),
        }

    @cached_property
    def port(self) -> int:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return int(free.getsockname()[1])

    @property
    def folders(self) -> list[Path]:
        return [self.home, self.keys, self.folder / "temp", self.folder / "work", Path("/dev/shm")]  # noqa: S108

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment,
            cwd=self.folder / "work",
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@pytest.fixture
def muniment(tmp_path: Path) -> Watched:
    for name in ("temp", "work", "files"):
        (tmp_path / name).mkdir()
    return Watched(tmp_path)


def _large_pdf(words: list[str]) -> bytes:
    """Twenty megabytes: pages of text, and behind them an object of noise that nothing uses."""
    pages = [f"Shelf {number} holds the {words[number % len(words)]} of the abbey." for number in range(300)]
    content = files.pdf(pages)
    place = content.rindex(b"xref")
    noise = b"9000 0 obj\n<</Length %d>>stream\n%b\nendstream\nendobj\n" % (
        20 * MEBIBYTE,
        secrets.token_bytes(20 * MEBIBYTE),
    )
    return (
        content[:place]
        + noise
        + content[place:].replace(b"startxref\n%d" % place, b"startxref\n%d" % (place + len(noise)))
    )


def _until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def _readers(worker: int) -> list[int]:
    """Children of the sandbox at work below this process."""
    return [child for zygote in _children(worker) for child in _children(zygote)]


def _below(process: int) -> list[int]:
    return [one for child in _children(process) for one in (child, *_below(child))]


def _children(process: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except FileNotFoundError:
        return []


def test_every_form_is_found_where_it_lies(muniment: Watched) -> None:
    word = canary()
    for number, (form, needle) in enumerate(forms(word).items()):
        path = muniment.folder / "temp" / f"{number}"
        path.write_bytes(b"before" + needle + b"after")
        assert [hit for hit in hits([word], muniment.folders) if form in hit]
        path.unlink()
    assert hits([word], muniment.folders) == []


def test_nothing_lies_in_clear_at_any_time(muniment: Watched) -> None:
    words = [canary() for _ in range(3)]
    pdf, docx = muniment.folder / "files" / "abbey.pdf", muniment.folder / "files" / "abbey.docx"
    pdf.write_bytes(_large_pdf(words[:1]))
    docx.write_bytes(files.word([("Heading 1", words[1]), ("Normal", f"The {words[1]} is kept in room nine.")]))
    assert pdf.stat().st_size > 20 * MEBIBYTE
    assert hits(words, [muniment.folder / "files"])
    agent = muniment.run("agent", "create", "Abbey", "--json")["id"]

    upload = muniment.start("ingest", agent, str(pdf))
    _until(lambda: [path for path in muniment.home.rglob("*.part") if path.stat().st_size > MEBIBYTE])
    os.killpg(upload.pid, signal.SIGSTOP)
    assert hits(words, muniment.folders) == []
    os.killpg(upload.pid, signal.SIGKILL)
    upload.wait()
    assert hits(words, muniment.folders) == []

    muniment.run("ingest", agent, str(pdf), str(docx))
    worker = muniment.start("worker")
    _until(lambda: _readers(worker.pid))
    os.killpg(worker.pid, signal.SIGSTOP)
    assert hits(words, muniment.folders) == []
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    assert hits(words, muniment.folders) == []

    states = muniment.run("ingest", agent, str(pdf), str(docx), "--wait", "--json")["documents"]
    assert {document["state"] for document in states} == {"live"}
    answer = muniment.run("ask", agent, f"In which room is the {words[1]} kept, {words[2]}?", "--json")
    assert words[1] in str(answer)
    assert hits(words, muniment.folders) == []

    unkept = muniment.run("agent", "create", "Unkept", "--ephemeral", "--delete-originals", "--json")["id"]
    muniment.run("ingest", unkept, str(docx), "--wait", "--json")
    answer = muniment.run("ask", unkept, f"In which room is the {words[1]} kept, {words[2]}?", "--json")
    assert words[1] in str(answer)
    assert answer["conversation"] == ""
    assert hits(words, muniment.folders) == []


def test_no_process_may_leave_a_core_dump(muniment: Watched) -> None:
    """Server, worker, detector, zygote and, by inheritance, every child: a limit of zero."""
    agent = muniment.run("agent", "create", "Cores", "--json")["id"]
    server = muniment.start("serve")
    file = muniment.folder / "files" / "a.txt"
    file.write_text("The herbarium is open on Mondays.")
    try:
        _until(lambda: len(_children(server.pid)) == 2)  # the worker and the detector
        muniment.run("ingest", agent, str(file))
        _until(lambda: [child for process in _children(server.pid) for child in _children(process)])
        for process in (server.pid, *_below(server.pid)):
            limits = Path(f"/proc/{process}/limits").read_text()
            assert [line.split()[4:6] for line in limits.splitlines() if "core file" in line] == [["0", "0"]]
    finally:
        server.terminate()
        server.wait()


def test_a_process_of_ours_is_not_dumpable() -> None:
    code = (
        "import ctypes; from muniment.core.process import keep_private\n"
        "libc = ctypes.CDLL(None); before = libc.prctl(3, 0, 0, 0, 0)\n"  # PR_GET_DUMPABLE
        "keep_private(); print(before, libc.prctl(3, 0, 0, 0, 0))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "1 0\n"
