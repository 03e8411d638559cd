"""The product as an operator uses it: its own command, in an installation of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Installation:
    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "MUNIMENT_HOME": str(self.home), "MUNIMENT_KEYS": str(self.keys)}

    @staticmethod
    def command(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "muniment", *arguments]

    def run(self, *arguments: str, typed: str = "", refused: bool = False) -> Any:
        """What it printed, parsed after `--json`; `refused` expects exit code 1 and gives the sentence."""
        done = subprocess.run(
            self.command(*arguments), env=self.environment, input=typed, capture_output=True, text=True, check=False
        )
        assert done.returncode == int(refused), done.stderr
        if refused:
            return done.stderr
        return json.loads(done.stdout.splitlines()[-1]) if "--json" in arguments else done.stdout

    @contextmanager
    def working(self) -> Iterator[None]:
        """A worker for as long as the block, which it lives through."""
        worker = subprocess.Popen(self.command("worker"), env=self.environment, start_new_session=True)
        try:
            yield
            assert worker.poll() is None
        finally:
            os.killpg(worker.pid, signal.SIGTERM)
            worker.wait()
