"""The log verifies itself, with the same file an auditor runs, plus what no export shows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from muniment.audit.errors import LogDamagedError
from muniment.audit.models import Entry
from muniment.audit.selectors import export
from muniment.audit.verifier import VerificationError, leaf_hash, parse_entry
from muniment.audit.verifier import verify_log as verify_export
from muniment.core.actors import SYSTEM

_REPEATED = ("seq", "event", "at", "kind", "actor", "subject", "team", "silo")
GUARDED = ("audit_entry", "audit_node", "audit_checkpoint", "audit_log", "audit_sealeddetail")


def verify_log(*, witness: Sequence[str] = ()) -> dict[str, int]:
    """Counts as `verifier.verify_log` gives them. Raises LogDamagedError with what was found.

    `witness`: checkpoints (signed notes) kept elsewhere.
    """
    missing = missing_guards()
    if missing:
        raise LogDamagedError(f"The tables of the audit log lost their guards: {', '.join(missing)}.")
    try:
        counts = verify_export(export(SYSTEM), witness)
    except VerificationError as error:
        raise LogDamagedError(str(error)) from error
    for columns in Entry.objects.order_by("pk").values(*_REPEATED, "body", "leaf").iterator(chunk_size=1000):
        if not _repeats(columns):
            raise LogDamagedError(f"The columns of event {columns['event']} do not say what its entry says.")
    return counts


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
