"""A restore never rewinds the log: it opens a new one, whose first entries state where every log before it ended.

Entries that were lost with the data are thereby admitted, and a checkpoint that somebody remembers of them can still
be placed. Each opening entry closes one log: the one restored, and any newer that the restored data does not know.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from muniment.audit import canonical, lease, merkle, outbox, tree
from muniment.audit.checkpoint import origin_of
from muniment.audit.errors import EventRefusedError, LogDamagedError
from muniment.audit.events import LOG_OPENED
from muniment.audit.models import Entry, Log
from muniment.audit.verifier import EMPTY_ROOT, ORIGIN, Checkpoint
from muniment.audit.witness import FileWitness
from muniment.core import clock
from muniment.core.ids import new_id


def open_epoch(*, previous_size: int, previous_root: bytes, previous_origin: str = "") -> Log:
    """Closes the log that ended at this size and root, and opens the next one, whose first entry states both.

    `previous_origin`: the log they belong to; the newest here when absent. Raises EventRefusedError when the log here
    goes further than it is said to have gone. Never inside a transaction.
    """
    with transaction.atomic(durable=True):
        lease.lock()
        here = Log.objects.order_by("-pk").first()
        end = Checkpoint(previous_origin or (here.origin if here else ""), previous_size, previous_root)
        if here and end.origin == here.origin and _goes_further(here, end):
            raise EventRefusedError("The log here goes further than the one it is said to continue.")
        return open_log(clock.now(), [end] if end.origin else [])


def open_epoch_after(witness: FileWitness) -> Log:
    """The same after a restore, with every head that the witness of the backup target remembers.

    Raises LogDamagedError when what the witness remembers is not the log that was restored. Never inside a transaction.
    """
    with transaction.atomic(durable=True):
        lease.lock()
        closed = _closed()
        heads = {head.origin: head for head in witness.heads()}
        ends = [
            _end(log, heads.pop(log.origin, None)) for log in Log.objects.order_by("pk") if log.origin not in closed
        ]
        known = set(closed) | set(Log.objects.values_list("origin", flat=True))
        return open_log(clock.now(), [*ends, *(head for head in heads.values() if head.origin not in known)])


def open_log(now: datetime, ends: Iterable[Checkpoint]) -> Log:
    """A new log that continues those that ended so; the very first one continues none. In the lease's transaction."""
    log = Log.objects.create(origin=origin_of(new_id()), opened=now)
    openings = [
        {"previous": end.origin.removeprefix(ORIGIN), "previous_size": end.size, "previous_root": end.root.hex()}
        for end in ends
    ] or [{"previous_size": 0, "previous_root": EMPTY_ROOT.hex()}]
    tree.append(log, [outbox.own(LOG_OPENED, new_id(), facts) for facts in openings])
    tree.sign(log, size=len(openings), now=now)
    return log


def _closed() -> set[str]:
    """The logs that an opening entry here names: they ended, and where is written."""
    bodies = Entry.objects.filter(kind=LOG_OPENED.name).values_list("body", flat=True)
    facts = [canonical.decode(body.encode())["facts"] for body in bodies]
    return {ORIGIN + fact["previous"] for fact in facts if "previous" in fact}


def _end(log: Log, head: Checkpoint | None) -> Checkpoint:
    """Where a log ended: as far as somebody saw it, or as it is here, whichever is further."""
    size = tree.size_of(log)
    if head and head.size <= size and merkle.root(head.size, tree.nodes_of(log)) != head.root:
        raise LogDamagedError("The witness remembers another audit log than the one that was restored.")
    return head if head and head.size > size else Checkpoint(log.origin, size, tree.root_of(log))


def _goes_further(log: Log, end: Checkpoint) -> bool:
    size = tree.size_of(log)
    return size > end.size or (size == end.size and tree.root_of(log) != end.root)
