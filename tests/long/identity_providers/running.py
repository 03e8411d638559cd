"""Programs of others on a port of this machine, for as long as a block."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
INSTALLED = ROOT / "build/identity-providers"
START, STOP = 60, 10  # seconds


def python() -> str:
    """The interpreter of the providers' own environment."""
    return _installed(INSTALLED / "python/bin/python")


def node() -> Path:
    """The folder that holds `node_modules`."""
    return Path(_installed(INSTALLED / "node/package-lock.json")).parent


def program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.fail(f"{name} is not installed: run tools/install-identity-providers.")
    return found


def _installed(path: Path) -> str:
    if not path.exists():
        pytest.fail("The identity providers are not installed: run tools/install-identity-providers.")
    return str(path)


@contextmanager
def started(
    command: Sequence[str],
    *,
    port: int,
    log: Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    script: Path | None = None,
) -> Iterator[None]:
    """From when it takes connections to `port`, until the block ends. `script`: what it reads as its input."""
    with log.open("wb") as said, (script or Path(os.devnull)).open("rb") as read:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=read,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_open(process, port, log)
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(STOP)


def _wait_until_open(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    ends = time.monotonic() + START
    while process.poll() is None and time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"It does not listen on {port}: {log.read_text()}")
