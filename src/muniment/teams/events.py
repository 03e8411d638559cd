"""The kinds of events this room records."""

from muniment.audit.types import AuditKind
from muniment.teams.types import Role

TEAM_CREATED = AuditKind("team:team:create")
MEMBER_ADDED = AuditKind("team:member:create", {"role": Role})
MEMBER_REMOVED = AuditKind("team:member:delete", {"role": Role})
SETUP_LINK_ISSUED = AuditKind("installation:setup_link:create")
CLAIMED = AuditKind("installation:claim:create")
CLAIM_REFUSED = AuditKind("installation:claim:refuse")
KIT_SHOWN = AuditKind("installation:recovery_kit:show")
KIT_CONFIRMED = AuditKind("installation:recovery_kit:confirm")
SIGN_IN_POLICY_SET = AuditKind(
    "team:sign_in_policy:update", {"second_factor": bool, "passkey": bool, "grace_days": int}
)

KINDS = (
    SIGN_IN_POLICY_SET,
    TEAM_CREATED,
    MEMBER_ADDED,
    MEMBER_REMOVED,
    SETUP_LINK_ISSUED,
    CLAIMED,
    CLAIM_REFUSED,
    KIT_SHOWN,
    KIT_CONFIRMED,
)
