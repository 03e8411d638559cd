"""Reading the log. Each takes the actor first and shows what `policies.readable` allows; the rest is not found."""

from collections.abc import Iterable, Iterator, Mapping

from django.db.models import Q

from muniment.audit import canonical, merkle, tree
from muniment.audit.checkpoint import RECEIPTS, checkpoint_key, receipt_key
from muniment.audit.errors import LogDamagedError, NotYetSequencedError
from muniment.audit.export import export_lines
from muniment.audit.models import Checkpoint, Entry, Log, SealedDetail
from muniment.audit.policies import provable, readable
from muniment.audit.sealing import unseal_detail
from muniment.audit.types import ConsistencyProof, EntryView, InclusionProof
from muniment.audit.verifier import Key, is_included
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError
from muniment.crypto.errors import KeyDestroyedError


def entries(
    actor: Actor,
    *,
    silo: str | None = None,
    subject: str | None = None,
    by: str | None = None,
    kind: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[EntryView]:
    """Newest first. `by`: reference of who acted; `before`: position of the last entry of the page before."""
    wanted = {"silo": silo, "subject": subject, "actor": by, "kind": kind, "pk__lt": before}
    asked = Q(**{name: value for name, value in wanted.items() if value is not None})
    found = Entry.objects.filter(readable(actor) & asked).order_by("-pk")[:limit]
    origins = dict(Log.objects.values_list("pk", "origin"))
    return [_view(entry, origins) for entry in found]


def provable_act(actor: Actor, event: str) -> EntryView:
    """An event the actor may have a receipt of (services.make_receipt), once it was sequenced; else NotFoundError."""
    entry = Entry.objects.filter(provable(actor), event=event).first()
    if entry is None:
        raise NotFoundError("There is no such event in the audit log.")
    return _view(entry, dict(Log.objects.values_list("pk", "origin")))


def provable_events(actor: Actor, *, kind: str, subjects: Iterable[str]) -> list[str]:
    """The sequenced events of this kind about these that the actor may have a receipt of, in the order of the log."""
    found = Entry.objects.filter(provable(actor), kind=kind, subject__in=list(subjects))
    return list(found.order_by("pk").values_list("event", flat=True))


def detail(actor: Actor, event: str) -> Mapping[str, object] | None:
    """The personal detail of an event; None when there was none, or the person was erased.

    Reading it is an act: a door that shows it records `audit:detail:open` (services.record) before it does.
    """
    entry = _entry(actor, event)
    found = SealedDetail.objects.filter(event=entry.event).first()
    try:
        return unseal_detail(entry.event, found.keys, bytes(found.ciphertext)) if found else None
    except KeyDestroyedError:
        return None


def latest_checkpoint(actor: Actor) -> str | None:
    """The newest signed checkpoint (a C2SP note), for anybody who wants to remember it."""
    readable(actor)
    return Checkpoint.objects.order_by("-log", "-size").values_list("note", flat=True).first()


def inclusion_proof(actor: Actor, event: str) -> InclusionProof:
    """That the event is in the log, under the newest checkpoint. O(log n).

    Raises NotFoundError, or NotYetSequencedError while no checkpoint covers it.
    """
    entry = _entry(actor, event)
    log = Log.objects.get(pk=entry.log)
    head = tree.latest(log)
    if head is None or head.size <= entry.seq:
        raise NotYetSequencedError("No checkpoint covers this event yet. Try again in ten minutes.")
    proof = merkle.inclusion(entry.seq, head.size, tree.nodes_of(log))
    if not is_included(bytes(entry.leaf), entry.seq, head.size, proof, bytes(head.root)):
        raise LogDamagedError("The audit log no longer holds what was signed. Run muniment verify-log.")
    return InclusionProof(
        entry=entry.body,
        index=entry.seq,
        size=head.size,
        root=bytes(head.root),
        proof=tuple(proof),
        checkpoint=head.note,
    )


def consistency_proof(actor: Actor, *, origin: str, old: int, new: int) -> ConsistencyProof:
    """That the log of this origin grew from `old` to `new` entries without changing the old ones. O(log n)."""
    readable(actor)
    log = Log.objects.filter(origin=origin).first()
    if log is None or not 0 <= old <= new <= tree.size_of(log):
        raise NotFoundError("There is no such stretch of the audit log.")
    return ConsistencyProof(origin, old, new, tuple(merkle.consistency(old, new, tree.nodes_of(log))))


def public_keys(actor: Actor) -> list[str]:
    """Verifier keys of every log here and of the receipts; give them to whoever will verify."""
    readable(actor)
    public = checkpoint_key().public
    origins = Log.objects.order_by("pk").values_list("origin", flat=True)
    return [*(str(Key(origin, public)) for origin in origins), str(Key(RECEIPTS, receipt_key().public))]


def export(actor: Actor) -> Iterator[str]:
    """The lines of an audit export (docs/formats/audit-log.md), each with its newline.

    The actor's entries whole, those of other teams as their hashes: a team verifies the whole log and reads its own.
    """
    return export_lines(readable(actor))


def _entry(actor: Actor, event: str) -> Entry:
    entry = Entry.objects.filter(readable(actor), event=event).first()
    if entry is None:
        raise NotFoundError("There is no such event in the audit log.")
    return entry


def _view(entry: Entry, origins: Mapping[int, str]) -> EntryView:
    """From the body, which the tree commits to; the columns are only for finding."""
    fields = canonical.decode(entry.body.encode())
    return EntryView(
        position=entry.pk,
        origin=origins[entry.log],
        at=entry.at,
        **{name: fields[name] for name in EntryView.__slots__ if name not in {"position", "origin", "at"}},
    )
