"""The tree of a log in its tables: appending, and the signed checkpoint."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from muniment.audit import canonical, merkle
from muniment.audit.checkpoint import checkpoint_key, signed_checkpoint
from muniment.audit.errors import LogDamagedError
from muniment.audit.models import Checkpoint, Entry, Log, Node, Person, SealedDetail
from muniment.audit.outbox import Pending
from muniment.audit.verifier import leaf_hash
from muniment.core.database.prepared import Given, Prepared

_LEAF = Prepared(lambda: Entry.objects.filter(log=Given("log"), seq=Given("index")).values_list("leaf", flat=True))
_NODE = Prepared(
    lambda: Node.objects.filter(log=Given("log"), level=Given("level"), index=Given("index")).values_list(
        "hash", flat=True
    )
)


def size_of(log: Log) -> int:
    last = Entry.objects.filter(log=log.pk).aggregate(last=Max("seq"))["last"]
    return 0 if last is None else last + 1


def nodes_of(log: Log) -> merkle.Nodes:
    def node(level: int, index: int) -> bytes:
        at = {"log": log.pk, "index": index}
        found = _LEAF.first(**at) if level == 0 else _NODE.first(level=level, **at)
        if found is None:
            raise LogDamagedError("Part of the audit log is missing. Run muniment verify-log, then restore a backup.")
        return bytes(found)

    return node


def root_of(log: Log) -> bytes:
    return merkle.root(size_of(log), nodes_of(log))


def append(log: Log, events: Sequence[Pending]) -> None:
    """Gives each event its place. Call in the transaction that holds the lease."""
    if not events:
        return
    size = size_of(log)
    entries = [_entry(log, seq, pending) for seq, pending in enumerate(events, start=size)]
    made = merkle.grow(merkle.frontier(size, nodes_of(log)), [bytes(entry.leaf) for entry in entries])
    Entry.objects.bulk_create(entries, batch_size=500)
    Node.objects.bulk_create(
        [Node(log=log.pk, level=level, index=index, hash=value) for level, index, value in made], batch_size=500
    )
    SealedDetail.objects.bulk_create(
        [
            SealedDetail(event=pending.id, keys=pending.keys, ciphertext=pending.ciphertext)
            for pending in events
            if pending.ciphertext is not None and not _is_erased(pending.keys)
        ]
    )


def sign(log: Log, *, size: int, now: datetime) -> Checkpoint:
    """The checkpoint of the whole log. Refuses (LogDamagedError) to sign a log that does not contain the last one."""
    nodes = nodes_of(log)
    root, last = merkle.root(size, nodes), latest(log)
    if last and not merkle.is_consistent(
        last.size, size, bytes(last.root), root, merkle.consistency(last.size, size, nodes)
    ):
        raise LogDamagedError("The audit log no longer holds what was signed. Run muniment verify-log.")
    note = signed_checkpoint(log.origin, size, root, checkpoint_key())
    return Checkpoint.objects.create(log=log.pk, size=size, root=root, note=note, at=now)


def latest(log: Log) -> Checkpoint | None:
    return Checkpoint.objects.filter(log=log.pk).order_by("-size").first()


def _entry(log: Log, seq: int, pending: Pending) -> Entry:
    event = pending.event
    body = canonical.encode({**event, "seq": seq})
    return Entry(
        log=log.pk,
        seq=seq,
        event=pending.id,
        body=body.decode(),
        leaf=leaf_hash(body),
        at=pending.at,
        kind=event["kind"],
        actor=event["actor"],
        subject=event["subject"],
        team=event["team"],
        silo=event["silo"],
    )


def _is_erased(keys: str) -> bool:
    """Detail of a person erased since the event is not stored at all, though its key is gone anyway."""
    refs = [name.partition(":")[2] for name in keys.split(",") if name.startswith("account:")]
    return Person.objects.filter(ref__in=refs, erased=True).exists()
