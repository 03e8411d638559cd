"""On a full disk every command ends in one sentence, and when there is room again everything is as it was."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal

pytestmark = pytest.mark.long

SIZE = 5 * 2**20
TEXT = "The herbarium is open on Mondays."


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Terminal]:
    """An installation on a disk of 5 MiB."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a disk of 5 MiB needs the right to mount one")
    try:
        yield Terminal(tmp_path)
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def fill(path: Path) -> None:
    """To the last byte."""
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 512)


def test_nothing_is_lost_and_no_traceback_is_shown(small: Terminal, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "large.txt").write_text(TEXT * 160_000)
    (elsewhere / "small.txt").write_text(TEXT)
    agent = small.json("agent", "create", "Archive")["id"]
    assert "disk is full" in small.refusal("ingest", agent, str(elsewhere / "large.txt"))
    small.run("ingest", agent, str(elsewhere / "small.txt"), "--wait")

    filling = small.folder / "filling"
    with pytest.raises(OSError, match="No space left"):
        fill(filling)
    for command in (
        ["agent", "create", "Another"],
        ["ask", agent, "When is the herbarium open?"],
        ["backup", str(elsewhere / "target")],
    ):
        assert "full" in small.refusal(*command)
    filling.unlink()

    assert [one["name"] for one in small.json("agent", "list")] == ["Archive"]
    assert "Mondays" in small.json("ask", agent, "When is the herbarium open?")["answer"]
    assert small.json("verify-log")["unsigned"] == 0


def test_a_full_backup_target(small: Terminal, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = Terminal(tmp_path_factory.mktemp("roomy"))
    home.run("agent", "create", "Archive")
    with (small.folder / "filling").open("wb", buffering=0) as file:
        file.write(b"x" * (SIZE - 60_000))
    said = home.refusal("backup", str(small.folder / "target"))
    assert "cannot be written" in said
    assert not [path for path in (small.folder / "target").glob("snapshots/*") if path.suffix != ".partial"]
    (small.folder / "filling").unlink()
    assert "Snapshot" in home.run("backup", str(small.folder / "target"))
