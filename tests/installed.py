"""An installation that was started before, and is empty. To make one takes seconds, which tests that are not about the
first start need not spend again: it is made once, and copied."""

import shutil
from pathlib import Path

import pytest

from tests.long.command_line import Installation


@pytest.fixture(scope="session")
def started_before(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = Installation(tmp_path_factory.mktemp("started"))
    made.run("team", "list")
    return made


def copied(made: Installation, folder: Path) -> Path:
    """`folder`, which holds home and keys then."""
    for part in (made.home, made.keys):
        shutil.copytree(part, folder / part.name)
    return folder
