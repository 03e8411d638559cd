"""The audit events of this room; docs/audit-events.md has a heading for each."""

from muniment.audit.types import AuditKind

BACKUP_MADE = AuditKind(name="instance:backup:made", facts={"silos": int})
BACKUP_RESTORED = AuditKind(name="instance:backup:restored", facts={"agents_gone": int, "silos": int})
AGENT_RESTORED = AuditKind(name="agent:agent:restored", facts={"documents": int})

KINDS = (BACKUP_MADE, BACKUP_RESTORED, AGENT_RESTORED)
