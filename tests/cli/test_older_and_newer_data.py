"""Data of another version: newer is refused, older is copied and then brought up to date."""

import subprocess
import sys

import pytest

from tests.cli.terminal import Terminal

pytestmark = pytest.mark.long


def with_django(terminal: Terminal, program: str) -> None:
    """Runs a few lines inside the installation, as a program of another version would have."""
    environment = terminal.environment(DJANGO_SETTINGS_MODULE="muniment.settings")
    command = [sys.executable, "-c", f"import django; django.setup()\n{program}"]
    subprocess.run(command, env=environment, cwd=terminal.folder, check=True)


def test_newer_data_is_refused_unchanged(fresh: Terminal) -> None:
    fresh.run("agent", "create", "Archive")
    with_django(
        fresh,
        "from django.db.migrations.recorder import MigrationRecorder as R; from django.db import connection\n"
        "R(connection).record_applied('agents', '9999_from_the_future')",
    )
    for command in (["agent", "list"], ["serve"], ["backup", "target"]):
        assert "written by a newer Muniment" in fresh.refusal(*command)
    assert not list(fresh.home.glob("before-upgrade-*"))
    with_django(
        fresh,
        "from django.db.migrations.recorder import MigrationRecorder as R; from django.db import connection\n"
        "R(connection).record_unapplied('agents', '9999_from_the_future')",
    )
    assert "Archive" in fresh.run("agent", "list")


def test_older_data_is_copied_first(fresh: Terminal) -> None:
    fresh.run("agent", "list")
    with_django(
        fresh, "from django.core.management import call_command; call_command('migrate', 'teams', '0001', verbosity=0)"
    )
    assert fresh.run("setup-link").startswith("http://localhost")
    (copy,) = fresh.home.glob("before-upgrade-*.db")
    assert copy.stat().st_mode & 0o077 == 0
    assert not copy.read_bytes().startswith(b"SQLite format 3")
    fresh.run("agent", "list")
    assert list(fresh.home.glob("before-upgrade-*.db")) == [copy]
