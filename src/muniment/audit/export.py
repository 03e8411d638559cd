"""The log as JSON lines, for the stand-alone verifier. Format: docs/formats/audit-log.md."""

import base64
import json
from collections.abc import Iterator
from hashlib import sha256

from django.db.models import Q

from muniment.audit.checkpoint import checkpoint_key
from muniment.audit.models import Checkpoint, Entry, Log, SealedDetail
from muniment.audit.tree import size_of
from muniment.audit.verifier import EXPORT_FORMAT, OPENING, Key

PAGE = 1_000


def export_lines(visible: Q) -> Iterator[str]:
    """Entries that `visible` selects are whole, the others hashes. Each line ends with a newline."""
    logs = list(Log.objects.order_by("pk"))
    public = checkpoint_key().public
    epochs = [{"origin": log.origin, "key": str(Key(log.origin, public)), "openings": _openings(log)} for log in logs]
    yield _line({"type": "export", "format": EXPORT_FORMAT, "epochs": epochs})
    for log in logs:
        # Checkpoints first: entries appended in between are then more than was signed, never fewer.
        for note in list(Checkpoint.objects.filter(log=log.pk).order_by("size").values_list("note", flat=True)):
            yield _line({"type": "checkpoint", "note": note})
        size = size_of(log)
        for start in range(0, size, PAGE):
            yield from _page(log, start, min(start + PAGE, size), visible)
        yield _line({"type": "end", "origin": log.origin})


def _openings(log: Log) -> list[str]:
    return list(Entry.objects.filter(log=log.pk, kind=OPENING).order_by("seq").values_list("body", flat=True))


def _page(log: Log, start: int, end: int, visible: Q) -> Iterator[str]:
    page = Entry.objects.filter(log=log.pk, seq__gte=start, seq__lt=end).order_by("seq")
    bodies = dict(page.filter(visible).values_list("event", "body"))
    sealed = {
        event: sha256(bytes(ciphertext)).hexdigest()
        for event, ciphertext in SealedDetail.objects.filter(
            event__in=page.filter(visible).values("event")
        ).values_list("event", "ciphertext")
    }
    for event, leaf in page.values_list("event", "leaf"):
        if event not in bodies:
            yield _line({"type": "leaf", "hash": base64.b64encode(bytes(leaf)).decode()})
            continue
        yield _line({"type": "entry", "body": bodies[event]})
        if event in sealed:
            yield _line({"type": "sealed", "event": event, "sha256": sealed[event]})


def _line(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
