"""`muniment serve`: where it listens, what it says, how it ends."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal, free_port, get

pytestmark = pytest.mark.usefixtures("loopback")


@contextmanager
def serving(terminal: Terminal, port: int) -> Iterator[list[str]]:
    """The lines the server printed before it answered, and at the end everything it said."""
    process = terminal.start("serve", MUNIMENT_PORT=str(port))
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(4)]
    try:
        while process.poll() is None:
            with suppress(OSError):
                get(port, "/healthz", host=f"localhost:{port}")
                break
        yield said
    finally:
        process.send_signal(signal.SIGTERM)
        rest, complained = process.communicate(timeout=60)
        said += [rest, complained]
    assert process.returncode == 0, complained
    assert "Traceback" not in complained


def test_one_life(fresh: Terminal) -> None:
    port = free_port()
    with serving(fresh, port) as said:
        name = f"localhost:{port}"
        assert said[0] == f"Muniment serves on http://{name}\n"
        assert str(fresh.home) in said[1]
        assert str(fresh.keys) in said[2]
        assert "muniment setup-link" in said[3]  # nobody looks at a pipe: the link itself could stay in a log

        status, _, body = get(port, "/healthz", host=name)
        assert (status, json.loads(body)) == (200, {"status": "ok"})
        parts = json.loads(get(port, "/readyz", host=name)[2])["parts"]
        assert set(parts) == {"database", "keys", "model", "worker", "detector"}
        status, headers, _ = get(port, "/setup?x=1", host=f"127.0.0.1:{port}")
        assert (status // 100, headers["location"]) == (3, f"http://{name}/setup?x=1")
        assert get(port, "/", host="rebound.example")[0] == 400
        assert get(port, "/metrics", host=name)[0] in {302, 404}  # off unless switched on

        taken = fresh.refusal("serve", MUNIMENT_PORT=str(port))
        assert taken.startswith(f"Port {port} of 127.0.0.1 cannot be used")

        link = fresh.run("setup-link", MUNIMENT_PORT=str(port)).strip()
        assert link.startswith(f"http://{name}/setup#")
        token = link.partition("#")[2]
        assert len(token) == 43  # 256 bits in base64url
        get(port, f"/setup?{token}", host=name)
        workers = _children(fresh)
    assert token not in "".join(said)
    assert _children(fresh) == []
    assert workers != []


def test_a_person_at_the_terminal_gets_the_link_at_once(fresh: Terminal) -> None:
    port = free_port()
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "muniment", "serve"],
        env=fresh.environment(MUNIMENT_PORT=str(port)),
        cwd=fresh.folder,
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=subprocess.PIPE,
    )
    os.close(slave)
    said = ""
    with os.fdopen(master, "rb", buffering=0) as terminal:
        while "/setup#" not in said or not said.endswith("\n\r\n"):
            said += terminal.read(4096).decode()
        token = said.partition("/setup#")[2].split()[0]
        process.terminate()
        _, complained = process.communicate(timeout=60)
    assert "Open this link once, within 30 minutes" in said
    assert len(token) == 43
    assert token.encode() not in complained
    for path in (*fresh.home.rglob("*"), *fresh.keys.rglob("*")):
        assert not path.is_file() or token.encode() not in path.read_bytes()


def test_nobody_else_is_localhost_on_our_port(settled: Terminal) -> None:
    """Attacker: another user of the machine, who listens on the address that browsers try first. Guarantee: G-50."""
    if not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6: nobody can listen on ::1")
    port = free_port()
    with socket.create_server(("::1", port), family=socket.AF_INET6):
        assert "of ::1 cannot be used" in settled.refusal("serve", MUNIMENT_PORT=str(port))
    with serving(settled, port), pytest.raises(OSError, match="in use"):
        socket.create_server(("::1", port), family=socket.AF_INET6)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"MUNIMENT_HOST": "0.0.0.0"}, "Nobody owns this installation yet"),  # noqa: S104 - what must be refused
        ({"MUNIMENT_HOST": "192.0.2.7", "MUNIMENT_TRUSTED_PROXY": "192.0.2.8"}, "Nobody owns this installation yet"),
        ({"MUNIMENT_BASE_URL": "http://muniment.example.org"}, "must begin with https"),
        ({"MUNIMENT_BASE_URL": "https://muniment.example.org"}, "nothing to speak it"),
        ({"MUNIMENT_TLS_CERTIFICATE": "/dev/null"}, "belong together"),
        (
            {
                "MUNIMENT_BASE_URL": "https://muniment.example.org",
                "MUNIMENT_TLS_CERTIFICATE": "/dev/null",
                "MUNIMENT_TLS_KEY": "/dev/null",
            },
            "cannot be used",
        ),
        ({"MUNIMENT_TRUSTED_PROXY": "proxy.example.org"}, "Set it to one IP address"),
    ],
)
def test_refuses_to_start(settled: Terminal, environment: dict[str, str], sentence: str) -> None:
    assert sentence in settled.refusal("serve", **environment)


def _children(terminal: Terminal) -> list[int]:
    """Processes that work on this home, the test's own aside."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with suppress(OSError):
                if f"MUNIMENT_HOME={terminal.home}\0".encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
    return found
