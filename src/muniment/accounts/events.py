"""The kinds of events this room records. Addresses and e-mails are sealed detail, never facts."""

from enum import StrEnum

from muniment.accounts.types import SignInMethod
from muniment.audit.types import AuditKind


class SignInRefusal(StrEnum):
    CREDENTIALS = "credentials"  # unknown, wrong or suspended: never told apart
    RATE = "rate"


class SessionEnd(StrEnum):
    SIGN_OUT = "sign_out"
    END_OTHERS = "end_others"
    PASSWORD_CHANGE = "password_change"  # noqa: S105


USER_CREATED = AuditKind("account:user:create")
USER_RENAMED = AuditKind("account:user:rename")
PASSWORD_CHANGED = AuditKind("account:password:change")
SIGNED_IN = AuditKind("account:session:create", {"method": SignInMethod})
SIGN_IN_REFUSED = AuditKind("account:session:refuse", {"reason": SignInRefusal})
SESSIONS_ENDED = AuditKind("account:session:end", {"sessions": int, "reason": SessionEnd})

KINDS = (USER_CREATED, USER_RENAMED, PASSWORD_CHANGED, SIGNED_IN, SIGN_IN_REFUSED, SESSIONS_ENDED)
