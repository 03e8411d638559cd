"""The audit events of this room; docs/audit-events.md has a heading for each."""

from muniment.audit.types import AuditKind

MAIL_TRIED = AuditKind("installation:mail:try", {"sent": bool})

KINDS = (MAIL_TRIED,)
