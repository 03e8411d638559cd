"""kill -9 of the worker at random moments while files come in that are deleted after reading: not one stays.

Attacker: holds the disk and the keys after a crash. Guarantee: G-97, and each deletion stands in the log exactly once.
"""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.long.command_line import Installation

DOCUMENTS = 60
BROKEN = 10
KILLS = 15


@pytest.mark.long
def test_no_file_survives_and_each_has_one_receipt(tmp_path: Path) -> None:
    chance = random.Random(1217)  # noqa: S311 - repeatable, not secret
    muniment = Installation(tmp_path)
    agent = muniment.run("agent", "create", "Kills", "--delete-originals", "--masking", "off", "--json")["id"]
    files = tmp_path / "files"
    files.mkdir()
    for number in range(DOCUMENTS):
        text = f"Shelf {number} holds the register of parish {number}.\n\n" * chance.randrange(1, 40)
        (files / f"{number}.txt").write_text(text)
    for number in range(BROKEN):
        (files / f"broken{number}.pdf").write_bytes(b"%PDF-1.7 and no more " + bytes([number]))
    muniment.run("ingest", agent, str(files), "--json")
    assert len(_originals(muniment)) == DOCUMENTS + BROKEN
    for _ in range(KILLS):
        worker = subprocess.Popen(muniment.command("worker"), env=muniment.environment, start_new_session=True)
        time.sleep(chance.uniform(0.5, 3.0))  # not a wait for anything: the moment of the kill
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    (files / "last.txt").write_text("The last shelf is empty.")
    muniment.run("ingest", agent, str(files / "last.txt"), "--json")
    with muniment.working():  # what was killed comes last: waiting for one file would not be waiting for all
        while "queued" in [one["state"] for one in muniment.run("document", "list", agent, "--json")]:
            pass
    found = muniment.run("document", "list", agent, "--json")

    assert len(found) == DOCUMENTS + BROKEN + 1
    assert sum(one["state"] == "live" for one in found) == DOCUMENTS + 1
    assert {one["file"] for one in found} == {"deleted"}
    assert _originals(muniment) == []
    receipts = tmp_path / "receipts"
    receipts.mkdir()
    for one in chance.sample(found, 5):
        place = receipts / f"{one['id']}.json"
        muniment.run("document", "receipt", agent, one["id"], "--output", str(place))
        assert "Verified: agent:original:erased" in muniment.run("verify-receipt", str(place))
    assert "Verified" in muniment.run("verify-log")


def _originals(muniment: Installation) -> list[Path]:
    return [path for path in (muniment.home / "originals").rglob("*") if path.is_file()]
