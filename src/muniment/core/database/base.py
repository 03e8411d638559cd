"""Django database backend `muniment.core.database`: Django's own for SQLite, with every connection keyed.

The stock backend calls the standard library's sqlite3 module by name in two places, `get_new_connection` and its
cursor class; both are repeated here on sqlcipher3, everything else is inherited.
"""

import datetime as dt
import decimal
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import sqlcipher3.dbapi2 as sqlcipher
from django.db.backends.sqlite3 import base as sqlite
from django.db.backends.sqlite3._functions import register
from django.utils.asyncio import async_unsafe
from django.utils.dateparse import parse_date, parse_datetime, parse_time

from muniment.core.database.unchanged import Found
from muniment.core.errors import CorruptedError
from muniment.core.sqlcipher import unlock

if TYPE_CHECKING:
    from muniment.core.database.prepared import Prepared, Written

_DAMAGED = (
    "The control plane does not open under its key: it is damaged, or belongs to other keys. "
    "Put the right one back, or restore from a backup: muniment restore."
)


def _adapt_like_django() -> None:
    """Django registers its converters on the standard library's module; sqlcipher3 keeps its own registry."""
    sqlcipher.register_converter("bool", b"1".__eq__)
    for name, parse in (
        ("date", parse_date),
        ("time", parse_time),
        ("datetime", parse_datetime),
        ("timestamp", parse_datetime),
    ):
        sqlcipher.register_converter(name, sqlite.decoder(parse))
    sqlcipher.register_adapter(decimal.Decimal, str)
    sqlcipher.register_adapter(dt.date, sqlite.adapt_date)
    sqlcipher.register_adapter(dt.datetime, sqlite.adapt_datetime)


class CipherCursor(sqlcipher.Cursor):  # type: ignore[misc]
    """SQLiteCursorWrapper on the other base class: turns Django's %s placeholders into SQLite's."""

    convert_query = sqlite.SQLiteCursorWrapper.convert_query

    def execute(self, query: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> Any:
        if params is None:
            return super().execute(query)
        names = list(params) if isinstance(params, Mapping) else None
        return super().execute(self.convert_query(query, param_names=names), params)

    def executemany(self, query: str, param_list: Any) -> Any:
        peekable, rows = _peek(param_list)
        names = list(peekable) if isinstance(peekable, Mapping) else None
        return super().executemany(self.convert_query(query, param_names=names), rows)


def _peek(rows: Any) -> tuple[Any, Any]:
    iterator = iter(rows)
    first = next(iterator, None)
    return first, chain([first], iterator) if first is not None else iterator


class DatabaseWrapper(sqlite.DatabaseWrapper):
    """Threads of requests keep theirs (CONN_MAX_AGE): `close_if_unusable_or_obsolete` is called between two of them."""

    init_commands: list[str]
    Database = sqlcipher

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._cursors: WeakSet[CipherCursor] = WeakSet()
        self._file: tuple[int, int] | None = None
        self.found = Found(self)
        self.prepared: dict[Prepared[Any], Written] = {}

    def get_connection_params(self) -> dict[str, Any]:
        parameters: dict[str, Any] = super().get_connection_params()
        self._key: Callable[[], bytes] = parameters.pop("key")
        return parameters

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = sqlcipher.connect(**conn_params)
        self._file = _file_at(conn_params["database"])
        self._cursors.clear()  # those of the connection before ended with it
        self.found.forget()
        try:
            unlock(connection, self._key())
        except CorruptedError:
            connection.close()
            raise CorruptedError(_DAMAGED) from None
        register(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA legacy_alter_table = OFF")
        connection.execute("PRAGMA secure_delete = ON")
        for command in self.init_commands:
            connection.execute(command)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:  # noqa: ARG002 - Django's signature
        cursor = self.connection.cursor(factory=CipherCursor)
        self._cursors.add(cursor)
        return cursor

    def close_if_unusable_or_obsolete(self) -> None:
        """Attack stopped: who was suspended goes on, since a statement that was begun and not finished in one request
        keeps the next one at what the file held then; or since the thread still reads a file that was replaced.
        """
        if self.connection is not None and not self.in_atomic_block:
            for cursor in list(self._cursors):
                cursor.close()
            self._cursors.clear()
            if _file_at(self.settings_dict["NAME"]) != self._file:
                self.close()
        super().close_if_unusable_or_obsolete()


def _file_at(path: str | Path) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


_adapt_like_django()
