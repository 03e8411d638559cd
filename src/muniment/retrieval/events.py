"""The audit events of this room; docs/audit-events.md has a heading for each."""

from muniment.audit.types import AuditKind

MODEL_CHANGED = AuditKind(name="agent:embedding:changed", facts={"chunks": int})

KINDS = (MODEL_CHANGED,)
