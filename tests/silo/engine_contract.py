"""What every silo engine must do. A test module subclasses this with a fixture `engine` and one `reopened`."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from muniment.crypto.types import KeyKind
from muniment.silo.types import Engine, PendingKey, Row, SegmentInfo, Table

A, B = b"a" * 16, b"b" * 16


def _row(row: bytes, group: bytes = A, body: bytes = b"sealed") -> Row:
    return Row(row, group, body)


class EngineContract:
    def test_a_fresh_silo_is_empty(self, engine: Engine) -> None:
        with engine.reading() as reader:
            assert [reader.count(table) for table in Table] == [0] * len(Table)
            assert reader.segments() == []
            assert reader.pending_events() == []

    def test_what_is_put_is_found_by_another_opening(self, engine: Engine, reopened: Callable[[], Engine]) -> None:
        with engine.writing() as writer:
            writer.put(Table.CHUNK, [_row(b"1"), _row(b"2", B)])
        with reopened().reading() as reader:
            assert reader.get(Table.CHUNK, b"2") == _row(b"2", B)
            assert reader.get(Table.CHUNK, b"3") is None
            assert list(reader.rows(Table.CHUNK, group=A)) == [_row(b"1")]
            assert reader.count(Table.CHUNK, group=B) == 1
            assert reader.groups(Table.CHUNK) == {A, B}
            assert reader.groups(Table.TEXT) == set()

    def test_many_are_found_in_the_order_asked_for(self, engine: Engine) -> None:
        names = [number.to_bytes(4, "big") for number in range(1200)]
        with engine.writing() as writer:
            writer.put(Table.CHUNK, [_row(name) for name in names])
        asked = [*reversed(names), b"none"]
        with engine.reading() as reader:
            assert [row.id for row in reader.get_many(Table.CHUNK, asked)] == asked[:-1]
            assert [row.id for row in reader.rows(Table.CHUNK)] == names
            assert [row.id for row in reader.rows(Table.CHUNK, group=A, first=3)] == names[:3]

    def test_the_newest_are_those_put_last(self, engine: Engine) -> None:
        names, groups = (b"c", b"a", b"b", b"d"), (bytes([n]) * 16 for n in range(4))
        with engine.writing() as writer:
            writer.put(Table.DOCUMENT, map(_row, names, groups))
            writer.put(Table.DOCUMENT, [_row(b"c", bytes(16), b"again")])  # stays where it was
            writer.put(Table.TEXT, [_row(b"1", bytes(16)), _row(b"2", b"\x02" * 16)])
            writer.put(Table.QUEUE, [_row(b"1", b"\x03" * 16)])

        def newest(start: int = 0, count: int | None = None, **narrowed: Any) -> list[bytes]:
            with engine.reading() as reader:
                found = reader.newest(Table.DOCUMENT, start=start, count=count, **narrowed)
                return [row.id for row in found]

        assert newest() == [b"d", b"b", b"a", b"c"]
        assert newest(1, 2) == [b"b", b"a"]
        assert newest(4, 2) == []
        assert newest(among=Table.TEXT) == [b"b", b"c"]
        assert newest(1, 1, among=Table.TEXT) == [b"c"]
        assert newest(outside=(Table.TEXT, Table.QUEUE)) == [b"a"]

    def test_putting_again_replaces(self, engine: Engine) -> None:
        with engine.writing() as writer:
            writer.put(Table.DOCUMENT, [_row(b"1", body=b"old")])
            writer.put(Table.DOCUMENT, [_row(b"1", body=b"new")])
        with engine.reading() as reader:
            assert [row.body for row in reader.rows(Table.DOCUMENT)] == [b"new"]

    def test_tables_do_not_mix(self, engine: Engine) -> None:
        with engine.writing() as writer:
            writer.put(Table.CHUNK, [_row(b"1")])
            writer.put(Table.TEXT, [_row(b"1", body=b"other")])
            assert writer.delete_group(Table.CHUNK, A) == 1
        with engine.reading() as reader:
            assert reader.get(Table.CHUNK, b"1") is None
            assert reader.get(Table.TEXT, b"1") is not None

    def test_a_transaction_that_fails_leaves_nothing(self, engine: Engine) -> None:
        def fail() -> None:
            with engine.writing() as writer:
                writer.put(Table.CHUNK, [_row(b"1")])
                writer.add_event("e", b"event")
                writer.put_segment(SegmentInfo("s", "vectors", 1, 4, 4, 3), b"abc")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        with engine.reading() as reader:
            assert reader.count(Table.CHUNK) == 0
            assert reader.pending_events() == []
            assert reader.segments() == []
        with engine.writing() as writer:
            writer.put(Table.CHUNK, [_row(b"1")])

    def test_a_reader_sees_one_moment(self, engine: Engine) -> None:
        with engine.writing() as writer:
            writer.put(Table.CHUNK, [_row(b"1")])
        with engine.reading() as reader:
            assert reader.count(Table.CHUNK) == 1
            with engine.writing() as writer:
                writer.put(Table.CHUNK, [_row(b"2")])
            assert reader.count(Table.CHUNK) == 1
        with engine.reading() as reader:
            assert reader.count(Table.CHUNK) == 2

    def test_the_generation_grows_with_segments_and_deletions_only(self, engine: Engine) -> None:
        seen = []
        with engine.writing() as writer:
            seen.append(writer.generation())
            writer.put(Table.MESSAGE, [_row(b"1")])
            assert writer.generation() == seen[-1]
            writer.put_segment(SegmentInfo("s", "vectors", 1, 4, 4, 3), b"abc")
            seen.append(writer.generation())
            writer.delete_segments(["s"])
            seen.append(writer.generation())
            writer.delete(Table.MESSAGE, [b"1"])
            seen.append(writer.generation())
        assert seen == sorted(set(seen))

    def test_segments(self, engine: Engine) -> None:
        one, two = SegmentInfo("1", "postings:en", 7, 2, 9, 3), SegmentInfo("2", "vectors", 7, 2, 9, 3)
        with engine.writing() as writer:
            writer.put_segment(two, b"two")
            writer.put_segment(one, b"one")
        with engine.reading() as reader:
            assert reader.segments() == [one, two]
            assert reader.segment("1") == b"one"
            assert reader.segment("3") is None
        with engine.writing() as writer:
            writer.delete_segments(["1", "3"])
        with engine.reading() as reader:
            assert reader.segments() == [two]

    def test_segments_of_one_label_get_another_in_one_transaction(self, engine: Engine) -> None:
        old, other = SegmentInfo("1", "staged:a", 7, 2, 9, 3), SegmentInfo("2", "vectors", 7, 2, 9, 3)
        with engine.writing() as writer:
            writer.put_segment(old, b"abc")
            writer.put_segment(other, b"def")
            before = writer.generation()
        with engine.writing() as writer:
            writer.relabel_segments("staged:a", "vectors:a")
        with engine.reading() as reader:
            assert {info.id: info.label for info in reader.segments()} == {"1": "vectors:a", "2": "vectors"}
            assert reader.segment("1") == b"abc"
            assert reader.generation() > before

    def test_numbers_are_never_given_twice(self, engine: Engine) -> None:
        taken: list[int] = []

        def take() -> None:
            for _ in range(20):
                with engine.writing() as writer:
                    first = writer.take_numbers(3)
                taken.extend(range(first, first + 3))

        threads = [Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(taken)) == len(taken) == 240

    def test_events_wait_in_order_until_removed(self, engine: Engine) -> None:
        with engine.writing() as writer:
            for name in "cab":
                writer.add_event(name, name.encode())
        with engine.writing() as writer:
            writer.remove_events(["a", "unknown"])
        with engine.reading() as reader:
            assert reader.pending_events() == [("c", b"c"), ("b", b"b")]

    def test_keys_to_destroy_are_remembered(self, engine: Engine, reopened: Callable[[], Engine]) -> None:
        one, two = PendingKey(KeyKind.DOCUMENT, "1"), PendingKey(KeyKind.SEGMENT, "2")
        with engine.writing() as writer:
            writer.add_pending_keys([one, two, one])
        with reopened().writing() as writer:
            assert writer.pending_keys() == [one, two]
            writer.remove_pending_keys([one])
            assert writer.pending_keys() == [two]

    def test_a_snapshot_is_consistent_while_writes_go_on(
        self, engine: Engine, tmp_path: Path, opened_at: Callable[[Path], Engine]
    ) -> None:
        with engine.writing() as writer:
            writer.put(Table.CHUNK, [_row(bytes([n])) for n in range(100)])
        target = tmp_path / "copy"
        with engine.reading() as reader:
            assert reader.count(Table.CHUNK) == 100
            engine.snapshot(target)
            with engine.writing() as writer:
                writer.delete_group(Table.CHUNK, A)
        with opened_at(target).reading() as reader:
            assert reader.count(Table.CHUNK) == 100

    def test_a_sound_silo_checks(self, engine: Engine) -> None:
        with engine.writing() as writer:
            writer.put(Table.CHUNK, [_row(b"1")])
        engine.check()

    def test_destroying_twice_is_once(self, engine: Engine) -> None:
        engine.destroy()
        engine.destroy()
