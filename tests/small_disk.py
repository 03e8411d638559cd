"""A file system of a few megabytes that really is full when it is full: a tmpfs of its own."""

import ctypes
import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass
class SmallDisk:
    """`fill` takes every free byte with a file of ballast; `empty` gives them back."""

    folder: Path

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self, *, leave: int = 0) -> None:
        try:
            with self._ballast.open("ab", buffering=0) as file:
                while file.write(bytes(4096)) == 4096:
                    pass
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017 - anything else is a fault of the test
        if leave:
            os.truncate(self._ballast, self._ballast.stat().st_size - leave)

    def empty(self) -> None:
        self._ballast.unlink(missing_ok=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], SmallDisk]]:
    """Makes one of so many bytes. Skips, saying so, where this process may not mount anything."""
    libc, mounted = ctypes.CDLL(None, use_errno=True), []

    def make(size: int) -> SmallDisk:
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        if libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, f"size={size}".encode()) != 0:
            pytest.skip("NOT PROVEN HERE: this machine lets us mount no small disk (run as root).")
        mounted.append(folder)
        return SmallDisk(folder)

    yield make
    for folder in mounted:
        libc.umount2(str(folder).encode(), 2)  # MNT_DETACH, man 2 umount: also while a child still ends
