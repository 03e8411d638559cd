"""The kinds of events this room records. What provisioning does to a membership or an account is told by their rooms;
names and addresses are sealed detail there, never facts.
"""

from muniment.audit.types import AuditKind
from muniment.scim.types import Act, Joining

TOKEN_CREATED = AuditKind("team:scim_token:create", {"days": int})
TOKEN_REVOKED = AuditKind("team:scim_token:revoke")
USER_CREATED = AuditKind("team:provisioned_user:create", {"how": Joining})
USER_UPDATED = AuditKind("team:provisioned_user:update", {"account": bool, "active": bool})
USER_DELETED = AuditKind("team:provisioned_user:delete", {"transferred": bool})
GROUP_CREATED = AuditKind("team:provisioned_group:create", {"members": int})
GROUP_UPDATED = AuditKind("team:provisioned_group:update", {"added": int, "removed": int})
GROUP_DELETED = AuditKind("team:provisioned_group:delete", {"members": int})
REFUSED = AuditKind("team:provisioning:refuse", {"act": Act, "status": int})

KINDS = (
    TOKEN_CREATED,
    TOKEN_REVOKED,
    USER_CREATED,
    USER_UPDATED,
    USER_DELETED,
    GROUP_CREATED,
    GROUP_UPDATED,
    GROUP_DELETED,
    REFUSED,
)
