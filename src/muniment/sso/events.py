"""The audit events of this room; docs/audit-events.md has a heading for each."""

from muniment.audit.types import AuditKind
from muniment.sso.errors import Refused
from muniment.sso.oidc.errors import Refusal as OidcRefusal
from muniment.sso.saml.errors import Refusal as SamlRefusal
from muniment.sso.types import Protocol, Way

CONNECTION_CREATED = AuditKind("team:connection:create", {"protocol": Protocol})
CONNECTION_UPDATED = AuditKind("team:connection:update", {"protocol": Protocol})
CONNECTION_SWITCHED = AuditKind("team:connection:switch", {"on": bool, "sessions": int})
CONNECTION_DELETED = AuditKind("team:connection:delete", {"people": int, "sessions": int})
CONNECTION_TRIED = AuditKind("team:connection:try", {"let_in": bool})
METADATA_READ = AuditKind("team:connection:read", {"certificates": int, "changed": bool})
METADATA_UNREAD = AuditKind("team:connection:unread")
CERTIFICATE_WARNED = AuditKind("team:connection:warn", {"days": int})
PERSON_ARRIVED = AuditKind("team:identity:create", {"way": Way})
PERSON_UNLINKED = AuditKind("team:identity:delete", {"sessions": int})
ARRIVAL_REFUSED = AuditKind("team:identity:refuse", {"reason": Refused, "saml": SamlRefusal, "oidc": OidcRefusal})
SIGNED_OUT = AuditKind("team:identity:sign_out", {"sessions": int})
CHAT_USER_CAME = AuditKind("team:chat_user:sign_in", {"new": bool})
CHAT_USER_REFUSED = AuditKind("team:chat_user:refuse", {"reason": Refused, "saml": SamlRefusal, "oidc": OidcRefusal})
CHAT_USER_LEFT = AuditKind("team:chat_user:sign_out")
CHAT_USERS_FORGOTTEN = AuditKind("team:chat_user:forget", {"chat_users": int})

KINDS = (
    CONNECTION_CREATED,
    CONNECTION_UPDATED,
    CONNECTION_SWITCHED,
    CONNECTION_DELETED,
    CONNECTION_TRIED,
    METADATA_READ,
    METADATA_UNREAD,
    CERTIFICATE_WARNED,
    PERSON_ARRIVED,
    PERSON_UNLINKED,
    ARRIVAL_REFUSED,
    SIGNED_OUT,
    CHAT_USER_CAME,
    CHAT_USER_REFUSED,
    CHAT_USER_LEFT,
    CHAT_USERS_FORGOTTEN,
)
