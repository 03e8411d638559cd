from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from muniment.silo.errors import SiloCorruptedError, SiloDestroyedError
from muniment.silo.sqlcipher_engine import SqlcipherEngine
from muniment.silo.types import Engine, Row, Table
from tests.silo.engine_contract import EngineContract

KEY = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "silos" / "one.db"


@pytest.fixture
def engine(path: Path) -> Iterator[SqlcipherEngine]:
    engine = SqlcipherEngine.create(path, lambda: KEY)
    yield engine
    engine.close()


@pytest.fixture
def opened_at() -> Iterator[Callable[[Path], Engine]]:
    opened: list[SqlcipherEngine] = []

    def open_at(path: Path) -> Engine:
        opened.append(SqlcipherEngine(path, lambda: KEY))
        return opened[-1]

    yield open_at
    for one in opened:
        one.close()


@pytest.fixture
def reopened(path: Path, opened_at: Callable[[Path], Engine]) -> Callable[[], Engine]:
    return lambda: opened_at(path)


class TestSqlcipherEngine(EngineContract):
    pass


def test_the_file_is_never_plaintext(engine: SqlcipherEngine, path: Path) -> None:
    with engine.writing() as writer:
        writer.put(Table.CHUNK, [Row(b"1", b"a" * 16, b"canary-5521" * 50)])
    files = [file for file in path.parent.iterdir() if file.is_file()]
    assert len(files) >= 2
    for file in files:
        assert not file.read_bytes().startswith(b"SQLite format 3")
        assert b"canary-5521" not in file.read_bytes()


def test_a_wrong_key_is_reported_as_damage_of_this_silo(engine: SqlcipherEngine, path: Path) -> None:
    engine.check()
    with (
        pytest.raises(SiloCorruptedError, match="all other agents work"),
        SqlcipherEngine(path, lambda: bytes(32)).reading(),
    ):
        pass


def test_a_changed_byte_is_found(engine: SqlcipherEngine, path: Path) -> None:
    with engine.writing() as writer:
        writer.put(Table.CHUNK, [Row(bytes([n]), b"a" * 16, b"x" * 5000) for n in range(50)])
    engine.scrub()
    engine.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(SiloCorruptedError):
        SqlcipherEngine(path, lambda: KEY).check()


def test_a_missing_file_is_not_made_anew(tmp_path: Path) -> None:
    with pytest.raises(SiloDestroyedError), SqlcipherEngine(tmp_path / "none.db", lambda: KEY).reading():
        pass
    assert not (tmp_path / "none.db").exists()


def test_scrubbing_empties_the_log(engine: SqlcipherEngine, path: Path) -> None:
    with engine.writing() as writer:
        writer.put(Table.CHUNK, [Row(b"1", b"a" * 16, b"x" * 9000)])
    wal = Path(f"{path}-wal")
    assert wal.stat().st_size > 0
    engine.scrub()
    assert wal.stat().st_size == 0


def test_a_file_of_a_newer_version_says_so(engine: SqlcipherEngine, path: Path) -> None:
    with engine.writing() as writer:
        writer._execute("PRAGMA user_version = 99")
    with pytest.raises(SiloCorruptedError, match="newer Muniment"), SqlcipherEngine(path, lambda: KEY).reading():
        pass


def test_a_file_of_an_older_version_is_upgraded_with_what_it_holds(
    engine: SqlcipherEngine, reopened: Callable[[], Engine]
) -> None:
    with engine.writing() as writer:
        writer.put(Table.TEXT, [Row(b"1", b"a" * 16, b"kept")])
        for name in ("again", "mask", "rule", "held"):
            writer._execute(f"DROP TABLE {name}")
        writer._execute("PRAGMA user_version = 1")
    engine.close()
    with reopened().writing() as writer:
        writer.put(Table.MASK, [Row(b"1", b"a" * 16, b"new")])
        assert [row.body for table in (Table.TEXT, Table.MASK) for row in writer.rows(table)] == [b"kept", b"new"]
