"""A few places for the work of many people; each person has a share of them."""

from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from threading import Event

import pytest

from muniment.core.turns import Turns

PATIENCE = 20.0  # seconds; only a failure takes so long


@pytest.fixture
def turns() -> Turns:
    return Turns("test", places=2, each=1)


@pytest.fixture
def heap(turns: Turns) -> Iterator[Event]:
    """Ten things of Mallory's, none of which ends before this is set."""
    over = Event()
    begun = Event()
    turns.submit("mallory", lambda: (begun.set(), over.wait()))
    for _ in range(9):
        turns.submit("mallory", over.wait)
    assert begun.wait(PATIENCE)
    yield over
    over.set()


def test_a_heap_of_one_person_leaves_a_place_for_another(turns: Turns, heap: Event) -> None:
    assert turns.submit("alice", lambda: "answer").result(PATIENCE) == "answer"
    with turns.held("alice"):
        pass


def test_the_own_come_one_after_the_other_in_their_order(turns: Turns, heap: Event) -> None:
    done: list[int] = []
    waiting = [turns.submit("alice", lambda number=number: done.append(number)) for number in range(20)]  # type: ignore[misc]
    for one in waiting:
        one.result(PATIENCE)
    assert done == list(range(20))


def test_when_the_heap_is_done_its_places_are_free(turns: Turns, heap: Event) -> None:
    last = turns.submit("mallory", lambda: "last")
    assert not last.done()
    heap.set()
    assert last.result(PATIENCE) == "last"


def test_what_was_cancelled_before_its_turn_is_not_done(turns: Turns, heap: Event) -> None:
    cancelled = turns.submit("mallory", lambda: pytest.fail("it was done"))
    assert cancelled.cancel()
    heap.set()
    assert turns.submit("mallory", lambda: "next").result(PATIENCE) == "next"
    with pytest.raises(CancelledError):
        cancelled.result()


def test_an_error_goes_to_who_waits_and_frees_the_place(turns: Turns) -> None:
    def fail() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        turns.submit("alice", fail).result(PATIENCE)
    with pytest.raises(KeyError), turns.held("alice"):
        fail()
    assert turns.submit("alice", lambda: "next").result(PATIENCE) == "next"


def test_a_held_place_is_one_of_the_share(turns: Turns) -> None:
    with ThreadPoolExecutor(1) as other, turns.held("alice"):
        second = turns.submit("alice", lambda: "second")
        assert other.submit(turns.submit("bob", lambda: "bob").result, PATIENCE).result(PATIENCE) == "bob"
        assert not second.done()
    assert second.result(PATIENCE) == "second"
