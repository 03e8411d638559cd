import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Terminal:
    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    def environment(self, **extra: str) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MUNIMENT_")}
        return {**clean, "MUNIMENT_HOME": str(self.home), "MUNIMENT_KEYS": str(self.keys), **extra}

    def start(self, *arguments: str, stdin: int = subprocess.DEVNULL, **extra: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "muniment", *arguments],
            cwd=self.folder,
            env=self.environment(**extra),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def attempt(self, *arguments: str, given: str | None = None, **extra: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error; `given` on standard input."""
        process = self.start(*arguments, stdin=subprocess.DEVNULL if given is None else subprocess.PIPE, **extra)
        said, complained = process.communicate(given, timeout=120)
        return process.returncode, said, complained

    def run(self, *arguments: str, **extra: str) -> str:
        code, said, complained = self.attempt(*arguments, **extra)
        assert code == 0, complained
        return said

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json"))

    def refusal(self, *arguments: str, **extra: str) -> str:
        """The one line a refused command says."""
        code, said, complained = self.attempt(*arguments, **extra)
        assert (code, said) == (1, ""), complained
        assert complained.count("\n") == 1, complained
        return complained.strip()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def get(port: int, path: str, *, host: str) -> tuple[int, dict[str, str], str]:
    """Status, headers in lower case and body of a plain HTTP request, with a Host header of our choice."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    head, _, body = answer.partition("\r\n\r\n")
    first, *rest = head.split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in rest)
    return int(first.split()[1]), headers, body
