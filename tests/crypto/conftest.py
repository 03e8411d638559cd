"""A keys folder, and the keyring in it as a process opens it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.crypto.keyring import Keyring
from muniment.crypto.mirrors import RINGS
from muniment.crypto.root import LocalRootKey


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "keys" / RINGS).mkdir(parents=True)
    return tmp_path / "keys"


@pytest.fixture
def opened(folder: Path) -> Callable[[], Keyring]:
    return lambda: Keyring(folder, LocalRootKey(bytes(32)))
