"""The kinds of events this room records."""

from muniment.audit.types import AuditKind
from muniment.teams.types import ConsentBy, DomainFound, Role

TEAM_CREATED = AuditKind("team:team:create")
MEMBER_ADDED = AuditKind("team:member:create", {"role": Role})
MEMBER_CHANGED = AuditKind("team:member:update", {"role": Role, "was": Role})
MEMBER_SUSPENDED = AuditKind("team:member:suspend", {"sessions": int})
MEMBER_RESUMED = AuditKind("team:member:resume")
MEMBER_REMOVED = AuditKind("team:member:delete", {"role": Role, "transferred": bool, "sessions": int})
ROLE_CREATED = AuditKind("team:role:create", {"everywhere": int, "on_granted": int})
ROLE_UPDATED = AuditKind("team:role:update", {"everywhere": int, "on_granted": int})
ROLE_DELETED = AuditKind("team:role:delete", {"members": int, "invitations": int})
INVITED = AuditKind("team:invitation:create", {"role": Role, "days": int, "mailed": bool})
INVITATION_WITHDRAWN = AuditKind("team:invitation:delete")
INVITATION_ACCEPTED = AuditKind("team:invitation:accept", {"role": Role, "new_account": bool})
INVITATION_REFUSED = AuditKind("team:invitation:refuse")
SETUP_LINK_ISSUED = AuditKind("installation:setup_link:create")
CLAIMED = AuditKind("installation:claim:create")
CLAIM_REFUSED = AuditKind("installation:claim:refuse")
KIT_SHOWN = AuditKind("installation:recovery_kit:show")
KIT_CONFIRMED = AuditKind("installation:recovery_kit:confirm")
SIGN_IN_POLICY_SET = AuditKind(
    "team:sign_in_policy:update", {"second_factor": bool, "passkey": bool, "grace_days": int}
)
PROVISIONING_SET = AuditKind(
    "team:provisioning:update", {"role": Role, "joins_on_sign_in": bool, "scim": bool, "heir": bool}
)
GROUP_RULES_SET = AuditKind("team:group_rule:update", {"rules": int})

KEY_CREATED = AuditKind(
    "team:key:create",
    {"permissions": int, "agents": int, "all_agents": bool, "days": int, "service": bool, "consent": ConsentBy},
)
KEY_REVOKED = AuditKind("team:key:revoke")
SSO_ONLY_SET = AuditKind("team:sso_only:update", {"on": bool, "sessions": int})
BREAK_GLASS_SET = AuditKind("team:break_glass:update", {"on": bool})

DOMAIN_ADDED = AuditKind("team:domain:create")
DOMAIN_RETRIED = AuditKind("team:domain:retry")
DOMAIN_VERIFIED = AuditKind("team:domain:verify")
DOMAIN_FAILED = AuditKind("team:domain:fail", {"found": DomainFound})
DOMAIN_WARNED = AuditKind("team:domain:warn", {"found": DomainFound})
DOMAIN_RETURNED = AuditKind("team:domain:return")
DOMAIN_DROPPED = AuditKind("team:domain:drop", {"found": DomainFound})
DOMAIN_REMOVED = AuditKind("team:domain:delete", {"verified": bool})

KINDS = (
    SSO_ONLY_SET,
    BREAK_GLASS_SET,
    DOMAIN_ADDED,
    DOMAIN_RETRIED,
    DOMAIN_VERIFIED,
    DOMAIN_FAILED,
    DOMAIN_WARNED,
    DOMAIN_RETURNED,
    DOMAIN_DROPPED,
    DOMAIN_REMOVED,
    KEY_CREATED,
    KEY_REVOKED,
    SIGN_IN_POLICY_SET,
    PROVISIONING_SET,
    GROUP_RULES_SET,
    TEAM_CREATED,
    MEMBER_ADDED,
    MEMBER_CHANGED,
    MEMBER_SUSPENDED,
    MEMBER_RESUMED,
    MEMBER_REMOVED,
    ROLE_CREATED,
    ROLE_UPDATED,
    ROLE_DELETED,
    INVITED,
    INVITATION_WITHDRAWN,
    INVITATION_ACCEPTED,
    INVITATION_REFUSED,
    SETUP_LINK_ISSUED,
    CLAIMED,
    CLAIM_REFUSED,
    KIT_SHOWN,
    KIT_CONFIRMED,
)
