"""The audit events of this room; docs/audit-events.md has a heading for each."""

from muniment.audit.types import AuditKind
from muniment.credits.types import Credit

LIMITS_SET = AuditKind("team:credit:update", {"words": int, "queries": int, "limited": int})
LIMIT_NEAR = AuditKind("team:credit:warn", {"credit": Credit, "percent": int})
COUNT_CORRECTED = AuditKind("team:credit:correct", {"documents": int, "words": int})

KINDS = (LIMITS_SET, LIMIT_NEAR, COUNT_CORRECTED)
