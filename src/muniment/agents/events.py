"""The audit events of this room; docs/audit-events.md has a heading for each."""

from muniment.agents.types import MaskingMode
from muniment.audit.types import AuditKind, Grade

AGENT_CREATED = AuditKind(name="agent:agent:created", facts={})
AGENT_UPDATED = AuditKind(name="agent:agent:updated", facts={"fields": int})
AGENT_ERASING = AuditKind(name="agent:agent:erasing", facts={})
AGENT_ERASED = AuditKind(name="agent:agent:erased", facts={"unreached_targets": int, "grade": Grade})
AGENT_GRANTED = AuditKind(name="agent:agent:granted", facts={"permissions": int})
AGENT_REVOKED = AuditKind(name="agent:agent:revoked", facts={})
AGENT_TRANSFERRED = AuditKind(name="agent:agent:transferred", facts={})
SHARING_CHANGED = AuditKind(name="agent:sharing:changed", facts={"personal": bool})
MASKING_CHANGED = AuditKind(name="agent:masking:changed", facts={"mode": MaskingMode, "classes": int})
MASKING_CORRECTED = AuditKind(name="agent:masking:corrected", facts={"rules": int})
DELETION_CHANGED = AuditKind(name="agent:deletion:changed", facts={"originals": bool, "conversations": bool})
READING_CHANGED = AuditKind(name="agent:reading:changed", facts={"kinds": int})

KINDS = (
    AGENT_CREATED,
    AGENT_UPDATED,
    AGENT_ERASING,
    AGENT_ERASED,
    AGENT_GRANTED,
    AGENT_REVOKED,
    AGENT_TRANSFERRED,
    SHARING_CHANGED,
    MASKING_CHANGED,
    MASKING_CORRECTED,
    DELETION_CHANGED,
    READING_CHANGED,
)
