"""Attacker: a model file that took llama.cpp over. Move: open a socket, start a program, read a file, look into another
process, eat memory, flood its reader, speak through an error. Guarantee: G-90."""

import os
import platform
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from muniment.llm.local.model import LocalModel
from muniment.llm.local.process import Size
from tests.llm.gguf import byte, chain, write_model
from tests.llm.hostile_model import ENDED, HostileModel, is_refused, model_file
from tests.llm.local_models import Start, answer, asked, going_on, start  # noqa: F401 - a fixture

TALK = chain("ab", after="\n", then=byte("a"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileModel]:
    size = Size(context=512, threads=1, memory=256 * 2**20)
    model = HostileModel(model_file(tmp_path_factory.mktemp("hostile")), size, idle=0)
    yield model
    model.close()


def test_what_is_tried_works_outside_of_the_walls() -> None:
    for end in socket.socketpair():
        end.close()
    os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)
    assert Path("/proc/self/environ").read_bytes()


@pytest.mark.parametrize("family", ["inet", "inet6", "unix", "netlink", "packet", "pair"])
def test_no_socket_opens(hostile: HostileModel, family: str) -> None:
    assert hostile.attempt(family) == ENDED


@pytest.mark.parametrize("act", ["fork", "vfork", "exec", "spawn"])
def test_no_program_starts(hostile: HostileModel, act: str) -> None:
    assert is_refused(hostile.attempt(act))


@pytest.mark.parametrize("name", ["x32 socket", "io_uring_setup", "unshare", "bpf", "process_vm_readv"])
def test_no_second_door_opens(hostile: HostileModel, name: str) -> None:
    if platform.machine() != "x86_64":
        pytest.skip("the numbers of these system calls are those of x86_64")
    assert is_refused(hostile.attempt("call", name=name, values=[2, 1, 0]))


@pytest.mark.parametrize("act", ["read", "list", "create", "remove", "rename", "link"])
def test_no_file_is_reached(hostile: HostileModel, tmp_path: Path, act: str) -> None:
    path = tmp_path / "secret"
    path.write_text("words")
    assert is_refused(hostile.attempt(act, path=str(tmp_path if act == "list" else path)))
    assert path.read_text() == "words"


def test_no_process_is_looked_into(hostile: HostileModel) -> None:
    for act in ("ptrace", "peek", "kill"):
        assert is_refused(hostile.attempt(act, process=os.getpid(), signal=0))


def test_memory_becomes_no_code(hostile: HostileModel) -> None:
    assert is_refused(hostile.attempt("executable"))


def test_memory_ends_at_its_limit(hostile: HostileModel) -> None:
    assert hostile.attempt("grow") == ENDED
    assert hostile.attempt("map").startswith("refused")


@pytest.mark.parametrize("act", ["lie about length", "own words"])
def test_nothing_of_its_own_is_said(hostile: HostileModel, act: str) -> None:
    assert hostile.attempt(act) == ENDED
    assert hostile.attempt("handles").startswith("succeeded [0, 1, 2, ")


def test_who_floods_is_stopped_with_its_reader(hostile: HostileModel) -> None:
    stream = hostile.stream(asked('{"act": "flood"}'), stopped=going_on)
    assert next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert hostile.attempt("handles").startswith("succeeded")


def test_an_honest_model_has_no_socket_and_listens_nowhere(start: Start, tmp_path: Path) -> None:  # noqa: F811
    model = start(write_model(tmp_path / "a.gguf", TALK))
    stream = model.stream(asked("Go on.", max_tokens=300), stopped=going_on)
    next(stream)
    child = _of(model)
    assert sockets(child) == []
    assert child.net_connections("all") == []
    assert answer_of_status(child, "Seccomp") == "2"
    assert answer_of_status(child, "NoNewPrivs") == "1"
    stream.close()  # type: ignore[attr-defined]


def test_the_packages_own_server_would_listen(tmp_path: Path) -> None:
    """What we do not use, and the proof that a listener would have been seen."""
    path = write_model(tmp_path / "a.gguf", TALK)
    program = (
        "import sys, xllamacpp; p = xllamacpp.CommonParams(); p.model.path = sys.argv[1]; p.n_ctx = 512;"
        "s = xllamacpp.Server(p); print(s.listening_address, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=-1, stdout=-1, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith(b"http://127.0.0.1:")
        process = psutil.Process(server.pid)
        assert sockets(process)
        assert [one.status for one in process.net_connections("all")] == ["LISTEN"]


def sockets(process: psutil.Process) -> list[str]:
    handles = Path(f"/proc/{process.pid}/fd").iterdir()
    return [name for handle in handles if (name := str(handle.readlink())).startswith("socket:")]


def answer_of_status(process: psutil.Process, field: str) -> str:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{field}:"))


def _of(model: LocalModel) -> psutil.Process:
    assert model.pid is not None
    return psutil.Process(model.pid)
