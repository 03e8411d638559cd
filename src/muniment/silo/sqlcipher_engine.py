"""The embedded engine: one SQLCipher file per silo, so that even its metadata (counts, sizes, ids) is hidden."""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

from muniment.core.durable import fsync_folder
from muniment.core.errors import CorruptedError
from muniment.core.sqlcipher import unlock
from muniment.crypto.types import KeyKind
from muniment.silo.errors import SiloBusyError, SiloCorruptedError, SiloDestroyedError, SiloFullError
from muniment.silo.types import PendingKey, Row, SegmentInfo, Table

PAGE_SIZE = 16384  # measured: with large records fewer, larger pages are faster than SQLCipher's default of 4096
READ_CACHE = "PRAGMA cache_size = -1024"  # KiB; segments are cached above, decrypted once
# A transaction that replaces a segment frees its pages and uses them again: in memory, or each is encrypted twice.
WRITE_CACHE = "PRAGMA cache_size = -32768"
SCHEMA = 3


def _tables(*tables: Table) -> Iterator[str]:
    for table in tables:
        yield f"CREATE TABLE {table} (id BLOB PRIMARY KEY NOT NULL, owner BLOB NOT NULL, body BLOB NOT NULL)"
        yield f"CREATE INDEX {table}_owner ON {table} (owner, id)"


_CREATE = (
    *_tables(*Table),
    "CREATE TABLE segment (id TEXT PRIMARY KEY, label, chunks, first, last, size, body BLOB) WITHOUT ROWID",
    "CREATE TABLE event (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, body BLOB NOT NULL)",
    "CREATE TABLE pending_key (kind INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID",
    "CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO state VALUES ('generation', 1), ('next_number', 1)",
    f"PRAGMA user_version = {SCHEMA}",
)
_UPGRADES = {
    1: (*_tables(Table.AGAIN, Table.MASK, Table.RULE), "PRAGMA user_version = 2"),
    2: (*_tables(Table.HELD), "PRAGMA user_version = 3"),
}
"""From a version to the next."""


class SqlcipherEngine:
    """Opened lazily, keeps a few idle connections. `key` is asked for at each opening of a connection."""

    def __init__(self, path: Path, key: Callable[[], bytes], *, idle: int = 2) -> None:
        self.path = path
        self._key = key
        self._idle: deque[sqlcipher.Connection] = deque()
        self._keep = idle
        self._lock = threading.Lock()
        self._writer = threading.Lock()

    @classmethod
    def create(cls, path: Path, key: Callable[[], bytes]) -> "SqlcipherEngine":
        """Makes the file. Idempotent: a file left by a crash before its schema was committed is used."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = cls(path, key)
        connection = engine._connect(make=True)
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                connection.execute("BEGIN IMMEDIATE")
                for statement in _CREATE:
                    connection.execute(statement)
                connection.execute("COMMIT")
        finally:
            connection.close()
        return engine

    @contextmanager
    def reading(self) -> Iterator["_Transaction"]:
        connection = self._checkout()
        try:
            with _translated():
                connection.execute("BEGIN")
                yield _Transaction(connection)
        finally:
            self._checkin(connection)

    @contextmanager
    def writing(self) -> Iterator["_Transaction"]:
        with self._writer:  # threads of this process queue here fairly; SQLite's own lock is for other processes
            connection = self._checkout()
            try:
                with _translated():
                    connection.execute(WRITE_CACHE)
                    connection.execute("BEGIN IMMEDIATE")
                    yield _Transaction(connection)
                    connection.execute("COMMIT")
            finally:
                self._checkin(connection)

    def scrub(self) -> None:
        """Deleted bytes are overwritten when deleted (secure_delete); what the WAL held of them goes here."""
        connection = self._checkout()
        try:
            with _translated():
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._checkin(connection)

    def snapshot(self, target: Path) -> None:
        """SQLite's online backup page by page under the same key, then checked: readers and writers go on."""
        source = self._checkout()
        copy = sqlcipher.connect(str(target), isolation_level=None)
        try:
            with _translated():
                unlock(copy, self._key(), page_size=PAGE_SIZE)
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                # A damaged page is copied as an empty one: unseen, copy after copy would push the whole ones out.
                _check(copy)
        finally:
            copy.close()
            self._checkin(source)

    def check(self) -> None:
        connection = self._checkout()
        try:
            with _translated():
                _check(connection)
        finally:
            self._checkin(connection)

    def replace(self, place: Path) -> None:
        """Moves this file, closed, to where another silo file lies, damaged or gone.

        First the old one's name goes, then its log, then the new one comes: at no moment does a log lie beside a file
        that it was not written for. Who has the old one open finds at the next transaction that it was replaced.
        """
        self.close()
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{place}{suffix}").unlink(missing_ok=True)
        self.path.rename(place)
        fsync_folder(place.parent)

    def close(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.pop().close()

    def destroy(self) -> None:
        self.close()
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def _checkout(self) -> "_Connection":
        inode = self._inode()
        with self._lock:
            while self._idle:
                connection: _Connection = self._idle.pop()
                if connection.inode == inode:
                    return connection
                connection.close()  # of a file that was replaced, by whichever process
        return self._connect()

    def _inode(self) -> int:
        """Which file lies at the path now; 0 for none."""
        try:
            return self.path.stat().st_ino
        except FileNotFoundError:
            return 0

    def _checkin(self, connection: "_Connection") -> None:
        with suppress(sqlcipher.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            connection.execute(READ_CACHE)  # gives back what a writer took
        with self._lock:
            if len(self._idle) < self._keep and not connection.in_transaction:
                self._idle.append(connection)
                return
        connection.close()

    def _connect(self, *, make: bool = False) -> "_Connection":
        key, inode = self._key(), self._inode()
        if not make and not inode:
            raise SiloDestroyedError("The store of this agent is gone from this machine. Restore it from a backup.")
        with _translated():
            connection: _Connection = sqlcipher.connect(
                f"{self.path.absolute().as_uri()}?mode={'rwc' if make else 'rw'}",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                timeout=30,
                cached_statements=64,
                factory=_Connection,
            )
            connection.inode = inode
            try:
                unlock(connection, key, page_size=PAGE_SIZE)
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute(READ_CACHE)
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                if 0 < version < SCHEMA:
                    _upgrade(connection)
            except BaseException:
                connection.close()
                raise
        if version > SCHEMA or (version == 0 and not make):
            connection.close()
            raise SiloCorruptedError(_NEWER if version else _CORRUPTED)
        return connection


def _upgrade(connection: sqlcipher.Connection) -> None:
    """To the present schema, in one transaction; who comes second finds it done."""
    connection.execute("BEGIN IMMEDIATE")
    while (version := connection.execute("PRAGMA user_version").fetchone()[0]) < SCHEMA:
        for statement in _UPGRADES[version]:
            connection.execute(statement)
    connection.execute("COMMIT")


def _check(connection: sqlcipher.Connection) -> None:
    faults = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    faults += [row for row in connection.execute("PRAGMA integrity_check").fetchall() if row[0] != "ok"]
    if faults:
        raise SiloCorruptedError(_CORRUPTED)


class _Connection(sqlcipher.Connection):  # type: ignore[misc]  # the library has no types
    inode = 0


class _Transaction:
    """Reader and Writer over one connection inside a transaction."""

    def __init__(self, connection: sqlcipher.Connection) -> None:
        self._execute = connection.execute
        self._executemany = connection.executemany

    def get(self, table: Table, row: bytes) -> Row | None:
        found = self._execute(f"SELECT id, owner, body FROM {table} WHERE id = ?", (row,)).fetchone()  # noqa: S608
        return Row(*found) if found else None

    def get_many(self, table: Table, rows: Sequence[bytes]) -> list[Row]:
        found: dict[bytes, Row] = {}
        for start in range(0, len(rows), 500):
            part = rows[start : start + 500]
            marks = ",".join("?" * len(part))
            query = f"SELECT id, owner, body FROM {table} WHERE id IN ({marks})"  # noqa: S608 - marks and an enum
            found.update((row[0], Row(*row)) for row in self._execute(query, part))
        return [found[row] for row in rows if row in found]

    def rows(self, table: Table, *, group: bytes | None = None, first: int | None = None) -> Iterator[Row]:
        where, values = ("WHERE owner = ?", (group,)) if group is not None else ("", ())
        query = f"SELECT id, owner, body FROM {table} {where} ORDER BY id LIMIT ?"  # noqa: S608 - an enum
        for row in self._execute(query, (*values, -1 if first is None else first)):
            yield Row(*row)

    def newest(
        self, table: Table, *, start: int, count: int | None, among: Table | None = None, outside: Sequence[Table] = ()
    ) -> list[Row]:
        """SQLite gives each new row of a table a higher rowid than all others have, and an update keeps it."""
        tests = [f"owner IN (SELECT owner FROM {among})"] if among else []  # noqa: S608 - enums
        tests += [f"owner NOT IN (SELECT owner FROM {other})" for other in outside]  # noqa: S608
        chosen = f"SELECT rowid FROM {table} {'WHERE ' if tests else ''}{' AND '.join(tests)}"  # noqa: S608
        chosen += " ORDER BY rowid DESC LIMIT ? OFFSET ?"  # out of an index alone: bodies are read for these only
        query = f"SELECT id, owner, body FROM {table} WHERE rowid IN ({chosen}) ORDER BY rowid DESC"  # noqa: S608
        return [Row(*row) for row in self._execute(query, (-1 if count is None else count, start))]

    def count(self, table: Table, *, group: bytes | None = None) -> int:
        where, values = ("WHERE owner = ?", (group,)) if group is not None else ("", ())
        return int(self._execute(f"SELECT count(*) FROM {table} {where}", values).fetchone()[0])  # noqa: S608

    def groups(self, table: Table) -> set[bytes]:
        return {row[0] for row in self._execute(f"SELECT DISTINCT owner FROM {table}")}  # noqa: S608 - an enum

    def segments(self) -> list[SegmentInfo]:
        query = "SELECT id, label, chunks, first, last, size FROM segment ORDER BY id"
        return [SegmentInfo(*row) for row in self._execute(query)]

    def segment(self, segment: str) -> bytes | None:
        found = self._execute("SELECT body FROM segment WHERE id = ?", (segment,)).fetchone()
        return found[0] if found else None

    def generation(self) -> int:
        return int(self._execute("SELECT value FROM state WHERE name = 'generation'").fetchone()[0])

    def pending_events(self) -> list[tuple[str, bytes]]:
        return self._execute("SELECT id, body FROM event ORDER BY number").fetchall()  # type: ignore[no-any-return]

    def pending_keys(self) -> list[PendingKey]:
        return [PendingKey(KeyKind(kind), name) for kind, name in self._execute("SELECT kind, id FROM pending_key")]

    def put(self, table: Table, rows: Iterable[Row]) -> None:
        self._executemany(
            f"INSERT INTO {table} (id, owner, body) VALUES (?, ?, ?) "  # noqa: S608 - an enum
            "ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, body = excluded.body",
            [(row.id, row.group, row.body) for row in rows],
        )

    def delete(self, table: Table, rows: Iterable[bytes]) -> int:
        gone = self._executemany(f"DELETE FROM {table} WHERE id = ?", [(row,) for row in rows]).rowcount  # noqa: S608
        self._bump()
        return max(int(gone), 0)

    def delete_group(self, table: Table, group: bytes) -> int:
        gone = self._execute(f"DELETE FROM {table} WHERE owner = ?", (group,)).rowcount  # noqa: S608 - an enum
        self._bump()
        return int(gone)

    def put_segment(self, info: SegmentInfo, body: bytes) -> None:
        values = (info.id, info.label, info.chunks, info.first, info.last, info.size, body)
        self._execute("INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        self._bump()

    def delete_segments(self, segments: Iterable[str]) -> None:
        self._executemany("DELETE FROM segment WHERE id = ?", [(segment,) for segment in segments])
        self._bump()

    def relabel_segments(self, old: str, new: str) -> None:
        self._execute("UPDATE segment SET label = ? WHERE label = ?", (new, old))
        self._bump()

    def take_numbers(self, count: int) -> int:
        query = "UPDATE state SET value = value + ? WHERE name = 'next_number' RETURNING value"
        return int(self._execute(query, (count,)).fetchone()[0]) - count

    def add_event(self, event: str, body: bytes) -> None:
        self._execute("INSERT INTO event (id, body) VALUES (?, ?)", (event, body))

    def remove_events(self, events: Iterable[str]) -> None:
        self._executemany("DELETE FROM event WHERE id = ?", [(event,) for event in events])

    def add_pending_keys(self, keys: Iterable[PendingKey]) -> None:
        self._executemany("INSERT OR IGNORE INTO pending_key VALUES (?, ?)", [(int(key.kind), key.id) for key in keys])

    def remove_pending_keys(self, keys: Iterable[PendingKey]) -> None:
        self._executemany("DELETE FROM pending_key WHERE kind = ? AND id = ?", [(int(k.kind), k.id) for k in keys])

    def _bump(self) -> None:
        self._execute("UPDATE state SET value = value + 1 WHERE name = 'generation'")


_CORRUPTED = "The store of this agent is damaged. Restore this agent from a backup; all other agents work."
_NEWER = "The store of this agent was written by a newer Muniment. Start that version, or a newer one."


@contextmanager
def _translated() -> Iterator[None]:
    """SQLite's errors by what the caller can do about them."""
    try:
        yield
    except CorruptedError:
        raise SiloCorruptedError(_CORRUPTED) from None
    except sqlcipher.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_FULL or "disk is full" in str(error):
            raise SiloFullError("The disk is full. Nothing was changed; free some space and try again.") from None
        if "locked" in str(error) or "busy" in str(error):
            raise SiloBusyError("The store of this agent is busy. Try again in a moment.") from None
        raise SiloCorruptedError(_CORRUPTED) from error
    except sqlcipher.DatabaseError as error:
        if isinstance(error, sqlcipher.IntegrityError | sqlcipher.ProgrammingError):
            raise
        raise SiloCorruptedError(_CORRUPTED) from error
