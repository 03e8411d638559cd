"""`muniment serve` as an operator starts it: a child of the test, in an installation of its own, on a free port."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.long.command_line import Installation

STOP = 20  # seconds


@dataclass(frozen=True)
class Server(Installation):
    port: int
    settings: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "MUNIMENT_PORT": str(self.port), **self.settings}

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def setup_link(self) -> str:
        return str(self.run("setup-link")).strip()


@contextmanager
def running(folder: Path, kind: type[Server] = Server, **settings: str) -> Iterator[Server]:
    """Serves until the block ends. The port is taken, and answers wait in line, from the first line printed on."""
    server = kind(folder, free_port(), settings)
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            server.command("serve"), env=server.environment, stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        assert server.address in said, (folder / "serve.log").read_text()
        yield server
    finally:
        process.terminate()
        process.stdout.close()
        process.wait(STOP)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
