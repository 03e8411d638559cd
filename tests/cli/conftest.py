"""The command as a child process, as an operator runs it: nothing of it runs in the test's own process."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture
def fresh(tmp_path: Path) -> Terminal:
    """A terminal on a machine where Muniment never ran."""
    return Terminal(tmp_path)


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """An installation with the agents Archive, Twin and Twin; for commands that change nothing."""
    terminal = Terminal(tmp_path_factory.mktemp("settled"))
    for name in ("Archive", "Twin", "Twin"):
        terminal.run("agent", "create", name)
    return terminal
