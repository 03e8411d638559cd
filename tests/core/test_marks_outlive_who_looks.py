"""A mark that something waits is seen by everybody who looks, until one of them has looked to the end."""

from pathlib import Path

from muniment.core.ids import new_id
from muniment.core.marks import Marks


def test_a_mark_is_taken_once(tmp_path: Path) -> None:
    marks, one = Marks(tmp_path / "marks"), new_id()
    assert list(marks.take()) == []
    marks.set(one)
    marks.set(one)
    assert list(marks.take()) == [one]
    assert list(marks.take()) == []


def test_who_looks_at_the_same_time_looks_there_too(tmp_path: Path) -> None:
    """A checkpoint that is asked for while the worker reads a silo's events has to bring them in."""
    marks, one = Marks(tmp_path), new_id()
    marks.set(one)
    worker = marks.take()
    assert next(worker) == one
    assert list(marks.take()) == [one]
    assert list(worker) == []
    assert list(marks.take()) == []


def test_what_is_marked_while_somebody_looks_stays(tmp_path: Path) -> None:
    marks, one = Marks(tmp_path), new_id()
    marks.set(one)
    for _ in marks.take():
        marks.set(one)
    assert list(marks.take()) == [one]


def test_who_dies_over_one_has_lost_none(tmp_path: Path) -> None:
    marks, ids = Marks(tmp_path), sorted([new_id(), new_id()])
    for one in ids:
        marks.set(one)
    next(marks.take())
    assert list(marks.take()) == ids
