"""The child of the local model: there from the first question on, one for all, gone when nobody asks."""

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from pathlib import Path

import psutil
import pytest

from muniment.llm.errors import ModelUnavailableError
from muniment.llm.local.model import LocalModel
from tests.llm.gguf import byte, chain, write_model
from tests.llm.local_models import SIZE, Start, answer, asked, going_on

ENDLESS = chain("ab", after="\n", then=byte("a"))


@pytest.fixture
def talker(start: Start, tmp_path: Path) -> LocalModel:
    """Says "ababab…" until it is stopped."""
    return start(write_model(tmp_path / "a.gguf", ENDLESS))


def test_it_is_loaded_with_the_first_question(talker: LocalModel) -> None:
    assert talker.pid is None
    assert answer(talker, "Go on.", max_tokens=2) == "ab"
    first = talker.pid
    assert first is not None
    answer(talker, "Go on.", max_tokens=2)
    assert talker.pid == first


def test_who_stops_listening_stops_it(talker: LocalModel) -> None:
    stream = talker.stream(asked("Go on.", max_tokens=400), stopped=going_on)
    assert list(islice(stream, 3)) == ["a", "b", "a"]
    stream.close()  # type: ignore[attr-defined]  # a generator
    assert answer(talker, "Go on.", max_tokens=1) == "a"  # nothing of the answer before


def test_who_is_told_to_stop_is_told_nothing_more(talker: LocalModel) -> None:
    asks = count()
    said = list(talker.stream(asked("Go on.", max_tokens=400), stopped=lambda: next(asks) > 50))
    assert len(said) < 400
    assert talker.pid is not None


def test_a_killed_child_is_said_and_the_next_question_starts_another(talker: LocalModel) -> None:
    stream = talker.stream(asked("Go on.", max_tokens=400), stopped=going_on)
    next(stream)
    first = talker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    with pytest.raises(ModelUnavailableError, match="starts again"):
        list(stream)
    assert answer(talker, "Go on.", max_tokens=2) == "ab"
    assert talker.pid != first


def test_a_child_killed_between_two_questions_is_not_noticed(talker: LocalModel) -> None:
    answer(talker, "Go on.", max_tokens=1)
    child = psutil.Process(talker.pid)
    child.kill()
    until(lambda: talker.pid is None)
    assert answer(talker, "Go on.", max_tokens=2) == "ab"


def test_nobody_asks_and_it_ends(start: Start, tmp_path: Path) -> None:
    model = start(write_model(tmp_path / "a.gguf", ENDLESS), idle=0.2)
    answer(model, "Go on.", max_tokens=1)
    until(lambda: model.pid is None)
    assert answer(model, "Go on.", max_tokens=2) == "ab"


def test_many_are_answered_by_one_child_one_after_another(talker: LocalModel) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda most: answer(talker, "Go on.", max_tokens=most), [2, 4, 6, 8]))
    assert answers == ["ab", "abab", "ababab", "abababab"]
    assert len(children_of_this()) == 1


def test_who_waits_for_his_turn_may_give_up(talker: LocalModel) -> None:
    stream = talker.stream(asked("Go on.", max_tokens=400), stopped=going_on)
    next(stream)
    assert list(talker.stream(asked("Me too."), stopped=lambda: True)) == []
    stream.close()  # type: ignore[attr-defined]


def test_it_dies_with_the_thread_that_waits_for_it_only(talker: LocalModel) -> None:
    """PR_SET_PDEATHSIG counts threads: one that asked and ended takes no child along."""
    thread = threading.Thread(target=answer, args=(talker, "Go on."))
    thread.start()
    thread.join()
    first = talker.pid
    assert answer(talker, "Go on.", max_tokens=2) == "ab"
    assert talker.pid == first


def test_it_knows_nothing_of_this_process(talker: LocalModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMENT_HOME", "/somewhere")
    answer(talker, "Go on.", max_tokens=1)
    child = psutil.Process(talker.pid)
    assert child.cwd() == "/"
    assert not [name for name in child.environ() if name.startswith("MUNIMENT")]


def test_closing_ends_it(talker: LocalModel) -> None:
    answer(talker, "Go on.", max_tokens=1)
    talker.close()
    assert children_of_this() == []


def test_threads_are_the_configured_ones(talker: LocalModel) -> None:
    answer(talker, "Go on.", max_tokens=2)
    assert psutil.Process(talker.pid).num_threads() <= SIZE.threads


def children_of_this() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "muniment.llm.local.child" in one.cmdline()]


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)
