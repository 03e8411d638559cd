"""The log verifies itself, with the same file an auditor runs, plus what no export shows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection

from muniment.audit.errors import LogDamagedError
from muniment.audit.models import Checkpoint, Entry, SealedDetail
from muniment.audit.selectors import export
from muniment.audit.verifier import VerificationError, leaf_hash, parse_entry
from muniment.audit.verifier import verify_log as verify_export
from muniment.core.actors import SYSTEM
from muniment.core.watch import Watch, unwatched

T = TypeVar("T")
_STRIDE = 1000  # rows between two words
_REPEATED = ("seq", "event", "at", "kind", "actor", "subject", "team", "silo")
GUARDED = ("audit_entry", "audit_node", "audit_checkpoint", "audit_log", "audit_sealeddetail")


def verify_log(*, witness: Sequence[str] = (), watch: Watch = unwatched) -> dict[str, int]:
    """Counts as `verifier.verify_log` gives them. Raises LogDamagedError with what was found.

    `witness`: checkpoints (signed notes) kept elsewhere. `watch` is told how many rows were read, of how many.
    """
    missing = missing_guards()
    if missing:
        raise LogDamagedError(f"The tables of the audit log lost their guards: {', '.join(missing)}.")
    steps = _Steps(watch)
    try:
        counts = verify_export(steps.counted(export(SYSTEM)), witness)
    except VerificationError as error:
        raise LogDamagedError(str(error)) from error
    for columns in steps.counted(Entry.objects.order_by("pk").values(*_REPEATED, "body", "leaf").iterator(_STRIDE)):
        if not _repeats(columns):
            raise LogDamagedError(f"The columns of event {columns['event']} do not say what its entry says.")
    steps.end()
    return counts


class _Steps:
    """Counts what passes, and says so now and then. Entries pass twice: in the export, and as columns."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._of = 2 * Entry.objects.count() + SealedDetail.objects.count() + Checkpoint.objects.count()
        self._done = 0

    def counted(self, items: Iterable[T]) -> Iterator[T]:
        for item in items:
            yield item
            self._done += 1
            if self._done % _STRIDE == 0:
                self._watch(min(self._done, self._of), self._of)

    def end(self) -> None:
        if self._done >= _STRIDE:  # of a short log nobody was told anything
            self._watch(self._of, self._of)


def missing_guards() -> list[str]:
    """Tables without the triggers that keep their rows. A later migration that rebuilds a table could drop them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, COUNT(*) FROM sqlite_master WHERE type = 'trigger' GROUP BY tbl_name")
        found = dict(cursor.fetchall())
    return [table for table in GUARDED if found.get(table, 0) < (1 if table == "audit_sealeddetail" else 3)]


def _repeats(columns: dict[str, Any]) -> bool:
    """Whether the columns, by which a team's view is filtered, repeat the body, which the tree commits to."""
    fields = parse_entry(columns["body"])
    said = {**fields, "event": fields["id"], "at": datetime.fromisoformat(fields["at"])}
    committed = bytes(columns["leaf"]) == leaf_hash(columns["body"].encode())
    return committed and all(said[name] == columns[name] for name in _REPEATED)
