"""The log verifies itself, with the same file an auditor runs, plus what no export shows."""

from collections.abc import Sequence

from django.db import connection

from muniment.audit import canonical
from muniment.audit.errors import LogDamagedError
from muniment.audit.models import Entry
from muniment.audit.outbox import timestamp
from muniment.audit.selectors import export
from muniment.audit.verifier import VerificationError, leaf_hash
from muniment.audit.verifier import verify_log as verify_export
from muniment.core.actors import SYSTEM

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
    for entry in Entry.objects.order_by("pk").iterator(chunk_size=1000):
        if not _repeats(entry):
            raise LogDamagedError(f"The columns of event {entry.event} do not say what its entry says.")
    return counts


def missing_guards() -> list[str]:
    """Tables without the triggers that keep their rows. A later migration that rebuilds a table could drop them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, COUNT(*) FROM sqlite_master WHERE type = 'trigger' GROUP BY tbl_name")
        found = dict(cursor.fetchall())
    return [table for table in GUARDED if found.get(table, 0) < (1 if table == "audit_sealeddetail" else 3)]


def _repeats(entry: Entry) -> bool:
    """Whether the columns, by which a team's view is filtered, repeat the body, which the tree commits to."""
    body = entry.body.encode()
    fields = canonical.decode(body)
    columns = {name: getattr(entry, name) for name in ("seq", "kind", "actor", "subject", "team", "silo")}
    columns |= {"id": entry.event, "at": timestamp(entry.at)}
    return bytes(entry.leaf) == leaf_hash(body) and all(fields[name] == value for name, value in columns.items())
