"""The audit events of this room; docs/audit-events.md has a heading for each."""

from muniment.audit.types import AuditKind

PROVIDER_ADDED = AuditKind("team:provider:create", {"inside": bool})
PROVIDER_UPDATED = AuditKind("team:provider:update", {"fields": int, "key": bool})
PROVIDER_REMOVED = AuditKind("team:provider:delete")
PROVIDER_TRIED = AuditKind("team:provider:try", {"answered": bool, "milliseconds": int})
BUDGET_SET = AuditKind("team:budget:update")
MODEL_CALLED = AuditKind("team:model:call", {"tokens": int, "answered": bool, "inside": bool})
MODEL_TRIED = AuditKind("team:model:try", {"answered": bool, "milliseconds": int})
EMBEDDING_CALLED = AuditKind("team:embedding:call", {"texts": int, "answered": bool, "inside": bool})
RERANKER_CALLED = AuditKind("team:reranker:call", {"texts": int, "answered": bool, "inside": bool})

KINDS = (
    PROVIDER_ADDED,
    PROVIDER_UPDATED,
    PROVIDER_REMOVED,
    PROVIDER_TRIED,
    BUDGET_SET,
    MODEL_CALLED,
    MODEL_TRIED,
    EMBEDDING_CALLED,
    RERANKER_CALLED,
)
