"""Who sequences. One row, taken and renewed in the same transaction that appends.

That transaction first writes the row, and so holds its lock (on SQLite: the write lock of the file) until it commits:
two can never append at once, and whoever lost the lease learns it before the first append, in the same transaction.
The lease itself only decides who tries; the lock is what makes it safe, also against a clock that jumps.
"""

import os
from datetime import UTC, datetime, timedelta
from functools import cache

from django.db.models import F, Q

from muniment.audit.models import Lease
from muniment.core.ids import new_id

DURATION = timedelta(seconds=30)
_ROW = 1
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def hold(*, owner: str, now: datetime) -> bool:
    """Takes or renews the lease until now + DURATION, or False: another holds it. Call first in a transaction."""
    lock()
    free = Q(owner=owner) | Q(until__lte=now)
    return Lease.objects.filter(free, pk=_ROW).update(owner=owner, until=now + DURATION, term=F("term") + 1) == 1


def is_fresh(*, owner: str, now: datetime) -> bool:
    """Whether `owner` holds the lease and need not renew it yet. Only a hint: who appends must `hold` it."""
    return Lease.objects.filter(pk=_ROW, owner=owner, until__gt=now + DURATION / 2).exists()


def lock() -> None:
    """Locks the row for this transaction without taking the lease: its holder waits, and never notices."""
    if not Lease.objects.filter(pk=_ROW).update(term=F("term") + 1):
        Lease.objects.create(pk=_ROW, owner="", until=_LONG_AGO)


def this_process() -> str:
    return _identity(os.getpid())


@cache
def _identity(_process: int) -> str:
    return new_id()
