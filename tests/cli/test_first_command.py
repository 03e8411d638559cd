"""The first command of any kind makes the installation."""

import stat

from tests.cli.terminal import Terminal


def test_first_commands_at_once_make_one_installation(fresh: Terminal) -> None:
    running = [fresh.start("agent", "create", f"Agent {number}") for number in range(3)]
    ended = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], ended
    assert len(fresh.json("agent", "list")) == 3
    assert len(fresh.json("team", "list")) == 1


def test_home_and_keys_are_closed_to_others(fresh: Terminal) -> None:
    fresh.run("agent", "create", "Archive")
    paths = [fresh.home, fresh.keys, *fresh.home.rglob("*"), *fresh.keys.rglob("*")]
    assert len(paths) > 6
    assert [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_help_makes_nothing(fresh: Terminal) -> None:
    assert "verify-receipt" in fresh.run("--help")
    assert "PATH..." in fresh.run("ingest", "--help")
    assert list(fresh.folder.iterdir()) == []
