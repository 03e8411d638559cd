"""Deleted rows are overwritten in the file at once (secure_delete); the write-ahead log before it holds them still."""

from django.db import connection


def scrub() -> None:
    """Empties the write-ahead log of the control plane: after an erasure, once its transaction is committed.

    Residue: a reader of another process that is inside a transaction for longer than the timeout keeps the log until
    the next time.
    """
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
