"""Writes of the control plane that a power cut may undo: what begins a sign-in, and is over in a moment.

Each commit waits for the disk (`PRAGMA synchronous = FULL`), a millisecond or more. With NORMAL one does not: the file
stays whole, and a crash of the process undoes nothing (https://www.sqlite.org/pragma.html#pragma_synchronous). The log
of writes has an order: the next commit that waits makes everything before it last as well. So an answer of a provider
that is taken here stays taken, if a session came of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def transaction_that_may_be_lost() -> Iterator[None]:
    """Within another transaction a part of that one, and as lasting."""
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    _wait_for_disk("NORMAL")
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        _wait_for_disk("FULL")


def _wait_for_disk(mode: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous = {mode}")
