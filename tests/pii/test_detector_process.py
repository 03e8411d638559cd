"""The detector as a process: it answers as the code in it does, the shortest first, one for a folder, and it ends."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.pii.detection import detect
from muniment.pii.detector import client, keeping
from muniment.pii.errors import DetectorDownError, DetectorModelError, PatternError
from muniment.pii.services import tagger
from muniment.pii.types import PiiClass, Selection
from tests.pii.detecting import FOUND, LETTER, detector, look, resident, start, words

LONG = "Nothing of anybody stands in this sentence about the weather. " * 20_000
MOST = 400
"""MiB. It takes about 210 with a short text; a process that had loaded Django and the embedding too takes 450."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("installation") / "detector"
    with detector(folder):
        yield folder


def test_it_answers_as_if_it_were_here(running: Path) -> None:
    assert words(LETTER, look(running, LETTER)) == FOUND
    assert look(running, LETTER) == detect(LETTER, tagger=tagger())
    assert words(LETTER, look(running, LETTER, rules_alone=True)) == FOUND[1:]


def test_any_text_goes_through(running: Path) -> None:
    for text in ("\ud800 Mr Holloway", "\x00", "\U0001f642" * 3 + " jo@example.org", "x" * 3_000_000):
        assert look(running, text, rules_alone=True) == detect(text, tagger=None)


def test_how_far_it_is_is_told(running: Path) -> None:
    text = LETTER * 40
    told: list[tuple[int, int]] = []
    look(running, text, watch=lambda *at: told.append(at))
    assert told[-1] == (len(text), len(text))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len({done for done, _ in told}) > 3


def test_what_was_wrong_is_told_as_it_was(running: Path) -> None:
    selection = Selection(patterns=("(",))
    with pytest.raises(PatternError, match="pattern"):
        client.look(running, "x", selection=selection, rules_alone=False, watch=lambda *_: None, start=lambda: None)


def test_a_long_text_holds_up_no_short_one_and_ends_when_nobody_waits(running: Path) -> None:
    begun, answered = threading.Event(), threading.Event()

    class Enough(Exception):  # noqa: N818 - it is none
        pass

    def watch(done: int, of: int) -> None:
        begun.set()
        if answered.is_set():
            raise Enough
        assert done < of

    def scan() -> None:
        with pytest.raises(Enough):
            look(running, LONG, watch=watch)

    scanning = threading.Thread(target=scan)
    scanning.start()
    assert begun.wait(60)
    assert words(LETTER, look(running, LETTER)) == FOUND
    answered.set()
    scanning.join(60)
    assert not scanning.is_alive()
    while client.state(running).busy:
        time.sleep(0.05)


def test_what_a_watch_raises_is_raised(running: Path) -> None:
    def watch(*_: int) -> None:
        raise FileNotFoundError("ours")

    with pytest.raises(FileNotFoundError, match="ours"):
        look(running, LETTER, watch=watch)


def test_memory_of_it(tmp_path: Path) -> None:
    with detector(tmp_path / "detector") as process:
        look(tmp_path / "detector", LETTER * 100)
        assert resident(process.pid) < MOST


def test_a_second_one_waits_and_takes_over(tmp_path: Path) -> None:
    folder = tmp_path / "detector"
    with detector(folder) as first:
        assert words(LETTER, look(folder, LETTER)) == FOUND
        with detector(folder) as second:
            assert resident(second.pid) < 100  # it has nothing loaded while it waits
            first.kill()
            first.wait()
            while client.state(folder).busy if _listens(folder) else True:
                time.sleep(0.05)
            assert words(LETTER, look(folder, LETTER)) == FOUND
            assert second.poll() is None


def _listens(folder: Path) -> bool:
    try:
        client.state(folder)
    except DetectorDownError:
        return False
    return True


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    folder = tmp_path / "detector"
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    stranger = start(folder, parent=parent.pid)  # it is our child, not that one's: the parent it was told of is gone
    assert stranger.wait(60) == 0
    parent.communicate(b"\n")
    code = (
        "import sys, pathlib; from tests.pii.detecting import LETTER, look; from muniment.pii.detector import keeping\n"
        "folder = pathlib.Path(sys.argv[1]); keeping.keep_running(folder, threads=1); look(folder, LETTER)"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, cwd=Path(__file__).resolve().parents[2])
    while keeping.is_there(folder):
        time.sleep(0.05)


def test_a_deep_folder_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 40) / "detector"
    folder.parent.mkdir()
    with detector(folder):
        assert words(LETTER, look(folder, LETTER)) == FOUND


def test_a_model_that_is_not_the_reviewed_one_is_told_each_time() -> None:
    from muniment.pii.detector.server import Server  # noqa: PLC0415

    def broken() -> None:
        raise DetectorModelError("not the one")

    server = Server(broken)  # type: ignore[arg-type]
    server._load_model()
    for _ in range(2):
        with pytest.raises(DetectorModelError, match="not the one"):
            server._model()
    assert PiiClass.PERSON in Selection().classes
