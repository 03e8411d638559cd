"""The audit events of this room; docs/audit-events.md has a heading for each."""

from collections.abc import Mapping

from muniment.audit.services import pending_event
from muniment.audit.types import AuditKind
from muniment.core.actors import Actor
from muniment.silo.sealed import Silo, SiloWriter

QUESTION_ASKED = AuditKind(name="agent:message:asked", facts={})
QUESTION_ANSWERED = AuditKind(name="agent:message:answered", facts={"refused": bool, "citations": int})
CONVERSATION_STARTED = AuditKind(name="agent:conversation:started", facts={})
CONVERSATION_READ = AuditKind(name="agent:conversation:read", facts={})
CONVERSATION_RENAMED = AuditKind(name="agent:conversation:renamed", facts={})
CONVERSATION_ERASED = AuditKind(name="agent:conversation:erased", facts={"messages": int})
FEEDBACK_CHANGED = AuditKind(name="agent:message:remarked", facts={})
FEEDBACK_GIVEN = AuditKind(name="agent:message:rated", facts={"helpful": bool})

KINDS = (
    QUESTION_ASKED,
    QUESTION_ANSWERED,
    CONVERSATION_STARTED,
    CONVERSATION_READ,
    CONVERSATION_RENAMED,
    CONVERSATION_ERASED,
    FEEDBACK_CHANGED,
    FEEDBACK_GIVEN,
)


def add_event(
    writer: SiloWriter,
    kind: AuditKind,
    actor: Actor,
    silo: Silo,
    subject: str,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Commits with the transaction of `writer`."""
    writer.add_event(*pending_event(kind=kind, actor=actor, subject=subject, silo=silo.id, facts=facts or {}))
