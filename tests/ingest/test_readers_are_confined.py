"""What a reader of files gave up, seen from outside while it sleeps, and what each wall does alone."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.core.confinement import landlock
from muniment.ingest.errors import ParseError
from muniment.ingest.types import Limits
from tests.ingest.stage import Stage, children, stage  # noqa: F401 - a fixture


@pytest.fixture
def reader(stage: Stage) -> Iterator[Path]:  # noqa: F811
    """The /proc folder of a reader at work: it waits for a file that does not come."""
    done = threading.Event()

    def source() -> Iterator[bytes]:
        yield b"beginning"
        while not done.wait(0.05):
            yield b""

    zygote = stage.zygote()
    before = set(children(zygote))  # of the test before, perhaps not yet buried
    thread = threading.Thread(target=lambda: stage.sandbox.parse(source(), limits=Limits(max_seconds=60)))
    thread.start()
    while not set(children(zygote)) - before:
        time.sleep(0.01)
    (process,) = set(children(zygote)) - before
    while "Seccomp:\t2" not in Path(f"/proc/{process}/status").read_text():
        time.sleep(0.01)
    yield Path(f"/proc/{process}")
    done.set()
    thread.join()


def test_it_has_no_new_privileges_and_a_filter(reader: Path) -> None:
    status = reader.joinpath("status").read_text()
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status
    assert "Threads:\t1" in status


def test_its_limits_are_low_and_hard(reader: Path) -> None:
    limits = reader.joinpath("limits").read_text()
    for name in ("core file size", "file size", "open files", "processes", "locked memory", "msgqueue size"):
        assert re.search(rf"Max {name} +0 +0 ", limits), name
    assert re.search(r"Max cpu time +60 +65 ", limits)
    assert re.search(r"Max address space +\d+ ", limits)


def test_it_holds_nothing_but_its_pipes(reader: Path) -> None:
    handles = {path.name: path.readlink() for path in reader.joinpath("fd").iterdir()}
    assert set(handles) == {"0", "1"}
    assert all(str(target).startswith("pipe:") for target in handles.values())


def test_landlock_alone_closes_every_path() -> None:
    if not landlock.version():
        pytest.skip("this kernel has no Landlock: seccomp and the limits stand alone here")
    code = (
        "from muniment.core.confinement import landlock\n"
        "from muniment.core.confinement.kernel import PR_SET_NO_NEW_PRIVS, prctl\n"
        "open('/etc/passwd').close()\n"
        "prctl(PR_SET_NO_NEW_PRIVS, 1); landlock.forbid_everything()\n"
        "open('/etc/passwd')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "PermissionError: [Errno 13]" in done.stderr


def test_a_file_longer_than_its_deadline_is_given_up(stage: Stage) -> None:  # noqa: F811
    def endless() -> Iterator[bytes]:
        while True:
            yield b""

    with pytest.raises(ParseError, match="longer than the limit of 1 seconds"):
        stage.sandbox.parse(endless(), limits=Limits(max_seconds=1))
