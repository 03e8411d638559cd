"""The audit events of this room; docs/audit-events.md has a heading for each."""

from muniment.audit.types import AuditKind, Grade

DOCUMENT_ADDED = AuditKind(name="agent:document:added", facts={"bytes": int})
DOCUMENT_INDEXED = AuditKind(name="agent:document:indexed", facts={"chunks": int, "masked": int})
DOCUMENT_HELD = AuditKind(name="agent:document:held", facts={"words": int})
DOCUMENT_FAILED = AuditKind(name="agent:document:failed", facts={"attempts": int})
DOCUMENT_READ = AuditKind(name="agent:document:read", facts={})
DOCUMENT_DRAWN = AuditKind(name="agent:document:drawn", facts={"page": int})
DOCUMENT_ERASED = AuditKind(name="agent:document:erased", facts={"chunks": int, "grade": Grade})
ORIGINAL_ERASED = AuditKind(name="agent:original:erased", facts={"read": bool, "grade": Grade})

KINDS = (
    DOCUMENT_ADDED,
    DOCUMENT_INDEXED,
    DOCUMENT_HELD,
    DOCUMENT_FAILED,
    DOCUMENT_READ,
    DOCUMENT_DRAWN,
    DOCUMENT_ERASED,
    ORIGINAL_ERASED,
)
