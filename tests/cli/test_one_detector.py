"""One detector serves the server, its worker and every command of an installation, and is there again when it died."""

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from muniment.pii.detector.keeping import is_there
from tests.cli.terminal import Terminal, free_port, get
from tests.cli.test_serve import serving

pytestmark = pytest.mark.usefixtures("loopback")

LETTER = "It was signed by Margaret Holloway.\n"
SMALL = 60
"""MiB. One that waits for its turn has no model and no rules loaded: it takes about 15; one that answers takes 110."""


def _detectors(terminal: Terminal) -> dict[int, float]:
    """Process id and MiB of each."""
    found = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdecimal() and f"muniment.pii.detector\0{terminal.home}" in (entry / "cmdline").read_text():
                pages = int((entry / "statm").read_text().split()[1])
                found[int(entry.name)] = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return found


def _scanned(terminal: Terminal) -> list[str]:
    return [span["class"] for span in terminal.json("pii", "scan", "letter.txt")["spans"]]


def test_serve_keeps_one_and_commands_use_it(installed: Terminal) -> None:
    (installed.folder / "letter.txt").write_text(LETTER)
    port = free_port()
    with serving(installed, port):
        assert _scanned(installed) == ["person"]
        (first,) = _detectors(installed)
        parts = json.loads(get(port, "/readyz", host=f"localhost:{port}")[2])["parts"]
        assert parts["detector"] == "ok"
        assert "ok   detector: It answers." in installed.attempt("doctor")[1]
        assert list(_detectors(installed)) == [first]

        os.kill(first, signal.SIGKILL)
        while not is_there(installed.home / "detector"):
            time.sleep(0.05)
        assert _scanned(installed) == ["person"]
        assert first not in _detectors(installed)
    assert _detectors(installed) == {}


def test_two_commands_at_once_load_one_model(installed: Terminal) -> None:
    (installed.folder / "letter.txt").write_text(LETTER * 300)
    commands = [installed.start("pii", "scan", "letter.txt", "--json") for _ in range(2)]
    seen = 0
    while any(command.poll() is None for command in commands):
        large = [size for size in _detectors(installed).values() if size > SMALL]
        assert len(large) <= 1
        seen += len(large)
        time.sleep(0.05)
    counts = [len(json.loads(command.communicate()[0])["spans"]) for command in commands]
    assert counts == [300, 300]
    assert seen
    assert _detectors(installed) == {}


def test_where_there_is_no_installation_none_is_made(fresh: Terminal) -> None:
    (fresh.folder / "letter.txt").write_text(LETTER)
    assert _scanned(fresh) == ["person"]
    assert not fresh.home.exists()
