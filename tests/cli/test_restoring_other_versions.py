"""A snapshot of an older program is brought up while it is restored; one that cannot be used leaves nothing half-made,
neither here nor in the target."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.crypto.recovery import cleartext_recovery_kit
from muniment.crypto.root import cleartext_root
from tests.cli.terminal import Terminal

pytestmark = pytest.mark.long

OLDER = "from django.core.management import call_command; call_command('migrate', 'audit', '0002', verbosity=0)"
NEWER = (
    "from django.db.migrations.recorder import MigrationRecorder as R; from django.db import connection\n"
    "R(connection).record_applied('agents', '9999_from_the_future')"
)
COPY = "from pathlib import Path; from muniment.core.database.copying import copy_database; copy_database(Path({!r}))"


@pytest.fixture
def written(installed: Terminal) -> Terminal:
    (installed.folder / "ferns.txt").write_text("The herbarium keeps its ferns in the third cabinet.")
    installed.run("agent", "create", "Archive")
    installed.run("ingest", "Archive", "ferns.txt", "--wait")
    (installed.folder / "kit").write_text(" ".join(cleartext_recovery_kit(cleartext_root(installed.keys))))
    installed.run("backup", "target")
    return installed


def _as_written_by(terminal: Terminal, program: str) -> Path:
    """The snapshot as a program of another version would have made it; the installation is destroyed."""
    (snapshot,) = (terminal.folder / "target" / "snapshots").iterdir()
    plane = snapshot / "control.db"
    plane.unlink()
    environment = terminal.environment(DJANGO_SETTINGS_MODULE="muniment.settings")
    code = f"import django; django.setup()\n{program}\n{COPY.format(str(plane))}"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    _destroy(terminal)
    return plane


def _destroy(terminal: Terminal) -> None:
    shutil.rmtree(terminal.home)
    shutil.rmtree(terminal.keys)


def _content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _is_restored(terminal: Terminal) -> None:
    terminal.run("restore", "target", "--kit", "kit")
    assert _holds(terminal, "ferns.txt")
    assert "Verified" in terminal.run("verify-log", "--witness", "target/witness")


def _holds(terminal: Terminal, file: str) -> bool:
    """Whether the document is there: the same bytes once more are a duplicate of it."""
    (given,) = terminal.json("ingest", "Archive", file)["documents"]
    return bool(given["duplicate"])


def _is_refused(terminal: Terminal, sentence: str, **environment: str) -> None:
    before = _content(terminal.folder / "target")
    assert sentence in terminal.refusal("restore", "target", "--kit", "kit", **environment)
    assert not terminal.home.exists()
    assert {path.name for path in terminal.keys.iterdir()} <= {".lock"}
    assert _content(terminal.folder / "target") == before


def test_an_older_one_is_brought_up(written: Terminal) -> None:
    _as_written_by(written, OLDER)
    _is_restored(written)


@pytest.mark.parametrize(
    ("program", "damage"),
    [
        (OLDER, lambda content: content[: len(content) // 2]),
        (OLDER, lambda content: content[:40_000] + bytes(100) + content[40_100:]),
        ("pass", lambda content: bytes(100) + content[100:]),
        ("pass", lambda _: b""),
    ],
    ids=["older, cut", "older, a page", "head", "empty"],
)
def test_a_damaged_one_is_refused_and_leaves_nothing(
    written: Terminal, program: str, damage: Callable[[bytes], bytes]
) -> None:
    plane = _as_written_by(written, program)
    plane.write_bytes(damage(plane.read_bytes()))
    _is_refused(written, "The control plane in this snapshot is damaged. Choose another one with --snapshot.")


def test_a_newer_one_is_refused_and_leaves_nothing(written: Terminal) -> None:
    _as_written_by(written, NEWER)
    _is_refused(written, "written by a newer Muniment")


def test_a_failed_restore_of_an_older_snapshot_takes_nothing_from_a_newer_one(written: Terminal) -> None:
    """The keys of what came after the older snapshot stay in the target."""
    (written.folder / "moss.txt").write_text("The herbarium keeps its moss in the seventh drawer.")
    written.run("ingest", "Archive", "moss.txt", "--wait")
    written.run("backup", "target")
    older, newer = sorted((written.folder / "target" / "snapshots").iterdir())
    newer.rename(written.folder / "newer")
    _as_written_by(written, NEWER)
    _is_refused(written, "written by a newer Muniment")
    (written.folder / "newer").rename(newer)
    shutil.rmtree(older)
    written.run("restore", "target", "--kit", "kit")
    assert _holds(written, "moss.txt")
