"""A mark that something waits is seen by everybody who looks, one after the other, until one has looked to the end."""

import threading
from pathlib import Path

from muniment.core.ids import new_id
from muniment.core.marks import Marks


def taken(marks: Marks) -> list[str]:
    with marks.taken() as found:
        return list(found)


def test_a_mark_is_taken_once(tmp_path: Path) -> None:
    marks, one = Marks(tmp_path / "marks"), new_id()
    assert taken(marks) == []
    marks.set(one)
    marks.set(one)
    assert taken(marks) == [one]
    assert taken(marks) == []


def test_who_looks_at_the_same_time_finds_what_stays(tmp_path: Path) -> None:
    """A checkpoint that is asked for while the worker reads a silo's events has to bring them in."""
    marks, one, found = Marks(tmp_path), new_id(), list[str]()
    marks.set(one)
    other = threading.Thread(target=lambda: found.extend(taken(marks)))
    with marks.taken() as reached:
        assert list(reached) == [one]
        other.start()
        other.join(0.2)
        assert other.is_alive()
        marks.set(one)  # its events wait still
    other.join()
    assert found == [one]


def test_what_is_marked_while_somebody_looks_stays(tmp_path: Path) -> None:
    marks, one = Marks(tmp_path), new_id()
    marks.set(one)
    with marks.taken() as reached:
        for _ in reached:
            marks.set(one)
    assert taken(marks) == [one]


def test_who_dies_over_one_has_not_lost_the_others(tmp_path: Path) -> None:
    marks, ids = Marks(tmp_path), sorted([new_id(), new_id()])
    for one in ids:
        marks.set(one)
    with marks.taken() as reached:
        next(reached)
    assert taken(marks) == ids[1:]


def test_what_is_no_id_holds_up_nobody(tmp_path: Path) -> None:
    marks, one = Marks(tmp_path), new_id()
    for stray in (".DS_Store", "zz~", ".directory"):
        (tmp_path / stray).touch()
    marks.set(one)
    assert taken(marks) == [one]
