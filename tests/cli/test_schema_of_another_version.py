"""A control plane written by a newer program is refused; one by an older is copied, then brought up."""

import subprocess
import sys

import pytest

from tests.cli.terminal import Terminal

pytestmark = pytest.mark.long

NEWER = """
from django.db import connection
from django.utils.timezone import now
connection.cursor().execute(
    "INSERT INTO django_migrations (app, name, applied) VALUES ('agents', '9999_from_the_future', %s)", [now()]
)
"""
OLDER = """
from django.core.management import call_command
call_command("migrate", "audit", "0002", verbosity=0)
"""
LOOK = """
import sys
import sqlcipher3.dbapi2 as sqlcipher
from muniment.core.sqlcipher import unlock
from muniment.crypto.services import control_key
copy = sqlcipher.connect(sys.argv[1])
unlock(copy, control_key())
print(copy.execute("SELECT name FROM agents_agent").fetchall())
print([row[1] for row in copy.execute("PRAGMA table_info(audit_outbox)")])
"""


@pytest.fixture
def written(fresh: Terminal) -> Terminal:
    fresh.run("agent", "create", "Archive")
    return fresh


def _inside(terminal: Terminal, code: str, *arguments: str) -> str:
    """Runs code in the installation, without the checks of a start."""
    environment = {**terminal.environment(), "DJANGO_SETTINGS_MODULE": "muniment.settings"}
    command = [sys.executable, "-c", f"import django\ndjango.setup()\n{code}", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_a_newer_one_is_refused_and_left_alone(written: Terminal) -> None:
    assert "Archive" in written.run("agent", "list")
    _inside(written, NEWER)
    before = (written.home / "control.db").read_bytes()
    for command in (["agent", "list"], ["serve"], ["worker"]):
        assert "written by a newer Muniment" in written.refusal(*command)
    assert (written.home / "control.db").read_bytes() == before
    assert list(written.home.glob("before-upgrade-*")) == []


def test_an_older_one_is_copied_and_brought_up(written: Terminal) -> None:
    _inside(written, OLDER)
    assert "Archive" in written.run("agent", "list")
    (copy,) = written.home.glob("before-upgrade-*.db")
    assert not copy.read_bytes().startswith(b"SQLite format 3")
    names, columns = _inside(written, LOOK, str(copy)).splitlines()
    assert names == "[('Archive',)]"
    assert "silo" not in columns
    assert "silo" in _inside(written, LOOK, str(written.home / "control.db")).splitlines()[1]
    written.run("agent", "create", "Another")
    assert len(list(written.home.glob("before-upgrade-*.db"))) == 1


def test_two_that_bring_it_up_at_once(written: Terminal) -> None:
    _inside(written, OLDER)
    running = [written.start("agent", "create", f"Agent {number}") for number in range(2)]
    ended = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0], ended
    assert len(list(written.home.glob("before-upgrade-*.db"))) == 1
    assert len(written.json("agent", "list")) == 3
