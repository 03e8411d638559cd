"""Plants a hostile reader beside an honest one, and sees that only the hostile one suffers."""

import errno
import os
import platform
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.sandbox.client import Sandbox
from muniment.ingest.sandbox.keeper import ZygoteKeeper
from muniment.ingest.types import Limits

ROOT = Path(__file__).resolve().parents[2]
REFUSALS = {errno.EPERM, errno.EACCES, errno.EMFILE, errno.EBADF}
HONEST = "The herbarium is open on Mondays."


class PlantedSandbox(Sandbox):
    _zygote_module = "tests.ingest.planted"


class Stage:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        sandbox.start()

    def attempt(self, act: str, *, limits: Limits | None = None, **arguments: Any) -> str:
        """How the hostile act ended: "refused N", "succeeded …", or the reason of the ParseError.

        An honest file is read at the same time and after it, by the same zygote.
        """
        if act == "call" and platform.machine() != "x86_64":
            pytest.skip("the numbers of these system calls are those of x86_64")
        before = self.sandbox._keeper
        with ThreadPoolExecutor(1) as pool:
            neighbour = pool.submit(self.read_honest)
            try:
                ended = self.sandbox._ask(act, [b"x"], limits or Limits(), arguments, cap=2**22).decode()
            except ParseError as error:
                ended = error.reason.value
            assert neighbour.result() == HONEST
        assert self.read_honest() == HONEST
        assert self.sandbox._keeper is before
        assert before is not None
        assert before.is_alive
        return ended

    def read_honest(self) -> str:
        return self.sandbox.parse([HONEST.encode()], name_hint="a.txt").text

    def zygote(self) -> int:
        """The process id of the zygote: the parent of every reader."""
        (found,) = (process for process in children(os.getpid()) if b"tests.ingest" in _command(process))
        return found


def is_refused(ended: str) -> bool:
    """The call failed, or the child was killed for it."""
    word, _, number = ended.partition(" ")
    return ended == Reason.FORBIDDEN_ACT or (word == "refused" and int(number) in REFUSALS)


def children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def _command(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


def planted_environment() -> dict[str, str]:
    """The zygote's own environment, with this repository's tests in reach."""
    real = ZygoteKeeper._environment()
    return {**real, "PYTHONPATH": f"{real['PYTHONPATH']}{os.pathsep}{ROOT}"}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    environment = planted_environment()
    with patch.object(ZygoteKeeper, "_environment", staticmethod(lambda: environment)), PlantedSandbox() as sandbox:
        yield Stage(sandbox)
