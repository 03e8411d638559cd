"""The command as a child process, as an operator runs it: nothing of it runs in the test's own process."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.installed import copied
from tests.long.command_line import Installation


@pytest.fixture
def fresh(tmp_path: Path) -> Terminal:
    """A terminal on a machine where Muniment never ran."""
    return Terminal(tmp_path)


@pytest.fixture
def installed(tmp_path: Path, started_before: Installation) -> Terminal:
    """A terminal on a machine where Muniment was started before, and nothing is in it."""
    return Terminal(copied(started_before, tmp_path))


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory, started_before: Installation) -> Terminal:
    """An installation with the agents Archive, Twin and Twin; for commands that change nothing."""
    terminal = Terminal(copied(started_before, tmp_path_factory.mktemp("settled")))
    for name in ("Archive", "Twin", "Twin"):
        terminal.run("agent", "create", name)
    return terminal
