"""The audit tables refuse DELETE (triggers). Transactional tests empty every table when they end; attackers may too."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.sqlite3.operations import DatabaseOperations


def triggers() -> list[tuple[str, str]]:
    """(name, the SQL that makes it)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return list(cursor.fetchall())


@contextmanager
def unguarded() -> Iterator[None]:
    """What whoever can write the file can do: drop the triggers, and put them back."""
    found = triggers()
    with connection.cursor() as cursor:
        for name, _ in found:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in found:
            cursor.execute(sql)


@pytest.fixture(scope="session", autouse=True)
def flush_passes_the_guards() -> Iterator[None]:
    original = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, *args: Any, **options: Any) -> list[str]:
        statements, found = original(self, *args, **options), triggers()
        return [*(f'DROP TRIGGER "{name}"' for name, _ in found), *statements, *(sql for _, sql in found)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture(scope="session", autouse=True)
def flush_makes_no_rows_anew() -> Iterator[None]:
    """Behind every flush Django writes its own permissions and content types again, of which nothing here makes use:
    that took most of the time between two tests.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        yield
