"""The audit events of this room; docs/audit-events.md has a heading for each."""

from muniment.agents.types import MaskingMode, OpeningState
from muniment.audit.types import AuditKind, Grade

AGENT_CREATED = AuditKind(name="agent:agent:created", facts={})
AGENT_UPDATED = AuditKind(name="agent:agent:updated", facts={"fields": int})
AGENT_ERASING = AuditKind(name="agent:agent:erasing", facts={})
AGENT_ERASED = AuditKind(name="agent:agent:erased", facts={"unreached_targets": int, "grade": Grade})
AGENT_GRANTED = AuditKind(name="agent:agent:granted", facts={"permissions": int})
AGENT_REVOKED = AuditKind(name="agent:agent:revoked", facts={})
AGENT_TRANSFERRED = AuditKind(name="agent:agent:transferred", facts={})
OPENING_CREATED = AuditKind(
    name="agent:chat_opening:created", facts={"everybody": bool, "groups": int, "state": OpeningState}
)
OPENING_CHANGED = AuditKind(
    name="agent:chat_opening:changed", facts={"everybody": bool, "groups": int, "state": OpeningState}
)
OPENING_CLOSED = AuditKind(name="agent:chat_opening:closed", facts={})
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
    OPENING_CREATED,
    OPENING_CHANGED,
    OPENING_CLOSED,
    SHARING_CHANGED,
    MASKING_CHANGED,
    MASKING_CORRECTED,
    DELETION_CHANGED,
    READING_CHANGED,
)
