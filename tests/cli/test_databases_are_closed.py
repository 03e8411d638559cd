"""A command that has ended leaves each database as one file, with no log of writes beside it: who copies the file, or
puts another in its place, has all of it."""

from tests.cli.terminal import Terminal


def test_no_log_stays_beside_a_database(fresh: Terminal) -> None:
    fresh.run("agent", "create", "Archive")
    note = fresh.folder / "note.txt"
    note.write_text("The archive opens at nine.")
    fresh.run("ingest", "Archive", str(note), "--wait")
    assert "nine" in fresh.run("ask", "Archive", "When does the archive open?")
    databases = sorted(fresh.home.rglob("*.db"))
    assert {one.parent.name for one in databases} == {fresh.home.name, "silos"}
    assert not [*fresh.home.rglob("*-wal"), *fresh.home.rglob("*-shm")]


def test_nor_where_the_command_was_refused(fresh: Terminal) -> None:
    fresh.refusal("agent", "update", "Nobody's", "--name", "Mine")
    assert (fresh.home / "control.db").exists()
    assert not [*fresh.home.rglob("*-wal"), *fresh.home.rglob("*-shm")]
