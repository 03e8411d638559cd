"""The audit events of this room; docs/audit-events.md has a heading for each."""

from muniment.audit.types import AuditKind

QUESTION_ASKED = AuditKind(name="agent:message:asked", facts={})
QUESTION_ANSWERED = AuditKind(name="agent:message:answered", facts={"refused": bool, "citations": int})
CONVERSATION_READ = AuditKind(name="agent:conversation:read", facts={})
CONVERSATION_RENAMED = AuditKind(name="agent:conversation:renamed", facts={})
CONVERSATION_ERASED = AuditKind(name="agent:conversation:erased", facts={"messages": int})
FEEDBACK_CHANGED = AuditKind(name="agent:message:remarked", facts={})
FEEDBACK_GIVEN = AuditKind(name="agent:message:rated", facts={"helpful": bool})

KINDS = (
    QUESTION_ASKED,
    QUESTION_ANSWERED,
    CONVERSATION_READ,
    CONVERSATION_RENAMED,
    CONVERSATION_ERASED,
    FEEDBACK_CHANGED,
    FEEDBACK_GIVEN,
)
