"""A command that has ended leaves each database as one file, with no log of writes beside it: who copies the file, or
puts another in its place, has all of it."""

from tests.cli.terminal import Terminal


def test_no_log_stays_beside_a_database(installed: Terminal) -> None:
    installed.run("agent", "create", "Archive")
    note = installed.folder / "note.txt"
    note.write_text("The archive opens at nine.")
    installed.run("ingest", "Archive", str(note), "--wait")
    assert "nine" in installed.run("ask", "Archive", "When does the archive open?")
    databases = sorted(installed.home.rglob("*.db"))
    assert {one.parent.name for one in databases} == {installed.home.name, "silos"}
    assert not [*installed.home.rglob("*-wal"), *installed.home.rglob("*-shm")]


def test_nor_where_the_command_was_refused(installed: Terminal) -> None:
    installed.refusal("agent", "update", "Nobody's", "--name", "Mine")
    assert (installed.home / "control.db").exists()
    assert not [*installed.home.rglob("*-wal"), *installed.home.rglob("*-shm")]
