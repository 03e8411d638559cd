"""From the outboxes into the log, one sequencer at a time, each step in one transaction.

Whoever writes waits for that transaction, so it holds the lock for a few events, and for nothing but the log: what
waits is read and checked before.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import count, groupby
from typing import Any

from django.db import transaction

from muniment.audit import epochs, lease, outbox, tree
from muniment.audit.errors import EventRefusedError
from muniment.audit.events import EVENT_REJECTED, HEARTBEAT, RejectReason
from muniment.audit.models import Checkpoint, Entry, Log, Outbox
from muniment.audit.outbox import Pending
from muniment.core import clock
from muniment.core.errors import MunimentError
from muniment.core.ids import id_from_bytes, is_id, new_id
from muniment.core.registries import outbox_sources

STEP = 100  # events of one transaction
STEPS = 10  # of one turn: then others of the worker have theirs
PAUSE = 0.1  # seconds between two: who waits for the lock looks again by then (`sqlite3_busy_timeout`)
UNSIGNED = 1_000  # entries after which a checkpoint is due
EVERY = timedelta(minutes=10)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """`leads`: this process holds the lease. `left`: how many events wait here still, counted up to STEP. `is_whole`:
    all that was asked for is in the log, and signed.
    """

    leads: bool
    appended: int = 0
    checkpointed: bool = False
    left: int = 0
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class _Waiting:
    source: str
    silo: str
    event: str
    body: bytes


def run_once(*, now: datetime, owner: str = "") -> Run:
    """Takes or renews the lease and brings what waits into the log, in STEPS steps at most; fewer events than a step
    are left for the next time once the first is through.

    Idempotent: a silo's event that a crash left in its outbox is known by its id. Never call it inside a transaction:
    a rollback would take back the entry after the silo was told to forget the event.
    """
    me, waiting = owner or lease.this_process(), _from_sources()
    if not waiting and not Outbox.objects.exists() and lease.is_fresh(owner=me, now=now) and not _is_due(now):
        return Run(leads=True)  # nothing to do: nothing is written, as this runs every second
    appended, checkpointed, begun = 0, False, time.monotonic()
    for start in range(0, STEPS * STEP, STEP):
        time.sleep(PAUSE if start else 0)
        moment = now + timedelta(seconds=time.monotonic() - begun)
        run = _step(waiting[start : start + STEP], moment, partial(lease.hold, owner=me, now=moment))
        appended, checkpointed = appended + run.appended, checkpointed or run.checkpointed
        if not run.leads or (run.left < STEP and start + STEP >= len(waiting)):
            break
    return replace(run, appended=appended, checkpointed=checkpointed)


def checkpoint_now() -> Checkpoint:
    """Brings every event that waits when it is called into the log and signs it, whoever holds the lease. Never inside
    a transaction.

    Called before an erasure is reported done, so that the report can carry its proof.

    Attack stopped: others record one event after another, and the report of an erasure waits for all of them. What
    comes later waits for the next checkpoint: the numbers of the outbox are given in the order of its commits.
    """

    def borrow() -> bool:
        lease.lock()
        return True

    waiting = _from_sources()
    last = Outbox.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for start in count(0, STEP):
        upto = last if start + STEP >= len(waiting) else None
        if _step(waiting[start : start + STEP], clock.now(), borrow, upto=upto).is_whole:
            break
    return Checkpoint.objects.order_by("-log", "-size")[0]


def _step(waiting: list[_Waiting], now: datetime, may: Callable[[], bool], *, upto: int | None = None) -> Run:
    """`upto`: signs once nothing of the outbox up to that number is left."""
    rows = list(Outbox.objects.order_by("pk")[:STEP])
    own = [_Waiting("", row.silo, row.event, bytes(row.body)) for row in rows]
    read = [(item, _read(item)) for item in (*own, *waiting)]
    with transaction.atomic(durable=True):
        if not may():
            return Run(leads=False)
        log = Log.objects.order_by("-pk").first() or epochs.open_log(now, [])
        fresh = _fresh(read)  # asked under the lock: another may have brought in the same meanwhile
        tree.append(log, fresh)
        Outbox.objects.filter(pk__in=[row.pk for row in rows]).delete()
        is_whole = upto is not None and not Outbox.objects.filter(pk__lte=upto).exists()
        signed = _checkpoint(log, now, force=is_whole)
        left = Outbox.objects.all()[:STEP].count()
    _drained(waiting)
    return Run(leads=True, appended=len(fresh), checkpointed=signed, left=left, is_whole=is_whole)


def _from_sources() -> list[_Waiting]:
    """Read before the transaction: opening silos must not hold the write lock. A failing source holds up no other."""
    waiting: list[_Waiting] = []
    for name, source in outbox_sources.items():
        try:
            waiting += [_Waiting(name, silo, event, bytes(body)) for silo, event, body in source.pending()]
        except MunimentError:
            _log.exception("The outbox source %s could not be read; its events wait.", name)
    return waiting


def _drained(waiting: Iterable[_Waiting]) -> None:
    """After the commit: dying here only means that the same events come again."""
    for (name, silo), events in groupby(waiting, key=lambda item: (item.source, item.silo)):
        try:
            outbox_sources.get(name).drained(silo, [item.event for item in events])
        except MunimentError:
            _log.exception("The outbox source %s did not forget its events; they will come again.", name)


def _fresh(read: list[tuple[_Waiting, Pending]]) -> list[Pending]:
    """What is not in the log yet, in order. What is no event becomes an entry that says so: nothing is dropped."""
    known = _in_log([pending.id for _, pending in read])
    fresh: list[Pending] = []
    for item, arrived in read:
        pending = arrived
        if _differs(pending, known):
            pending = _rejected(item, RejectReason.REPLAYED)
            known |= _in_log([pending.id])
        if pending.id not in known:
            known[pending.id] = pending.event
            fresh.append(pending)
    return fresh


def _in_log(events: list[str]) -> dict[str, dict[str, Any]]:
    """The events, as they arrived, of those ids that have an entry."""
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(events), 500):
        entries = Entry.objects.filter(event__in=events[start : start + 500]).values_list("event", "body")
        found |= {event: outbox.without_place(body) for event, body in entries}
    return found


def _differs(pending: Pending, known: dict[str, dict[str, Any]]) -> bool:
    """A rejection is known by its id alone: its time is that of the reading."""
    if pending.event["kind"] == EVENT_REJECTED.name:
        return False
    return known.get(pending.id, pending.event) != pending.event


def _read(item: _Waiting) -> Pending:
    try:
        return outbox.parse(item.body, event=item.event, silo=item.silo or None)
    except EventRefusedError:
        return _rejected(item, RejectReason.MALFORMED)


def _rejected(item: _Waiting, reason: RejectReason) -> Pending:
    """The same bytes always give the same event id, so that a crash does not make two entries of them."""
    digest = sha256(b"\0".join([item.silo.encode(), item.event.encode(), item.body]))
    facts = {"reason": reason, "digest": digest.hexdigest()} | ({"silo": item.silo} if is_id(item.silo) else {})
    return outbox.own(EVENT_REJECTED, id_from_bytes(digest.digest()[:16]), facts)


def _checkpoint(log: Log, now: datetime, *, force: bool) -> bool:
    """Every 10 minutes, every 1,000 entries, and when forced.

    When nothing happened for 10 minutes a heartbeat is appended first: the time is then inside the signed tree, where
    an extension line of the checkpoint (which C2SP advises against) would put it outside.
    """
    last, size = tree.latest(log), tree.size_of(log)
    late = last is None or abs(now - last.at) >= EVERY
    if last and size == last.size and late:
        tree.append(log, [outbox.own(HEARTBEAT, new_id(), {})])
        size += 1
    signed = last.size if last else 0
    if size == signed or not (late or force or size - signed >= UNSIGNED):
        return False
    tree.sign(log, size=size, now=now)
    return True


def _is_due(now: datetime) -> bool:
    log = Log.objects.order_by("-pk").first()
    last = tree.latest(log) if log else None
    return last is None or abs(now - last.at) >= EVERY
