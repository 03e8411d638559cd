"""The kinds of events this room records. Addresses and e-mails are sealed detail, never facts."""

from enum import StrEnum

from muniment.accounts.types import Factor, LinkPurpose, SecondStep, SignInMethod
from muniment.audit.types import AuditKind


class SignInRefusal(StrEnum):
    CREDENTIALS = "credentials"  # unknown, wrong or suspended: never told apart
    SECOND_STEP = "second_step"  # the password was right, the code was not
    PASSKEY = "passkey"
    CLONED_KEY = "cloned_key"  # a passkey whose counter went back
    RATE = "rate"


class SessionEnd(StrEnum):
    SIGN_OUT = "sign_out"
    END_OTHERS = "end_others"
    END_ONE = "end_one"
    PASSWORD_CHANGE = "password_change"  # noqa: S105


USER_CREATED = AuditKind("account:user:create")
USER_RENAMED = AuditKind("account:user:rename")
PASSWORD_CHANGED = AuditKind("account:password:change")
SIGNED_IN = AuditKind("account:session:create", {"method": SignInMethod, "second": SecondStep})
SIGN_IN_REFUSED = AuditKind("account:session:refuse", {"reason": SignInRefusal})
SESSIONS_ENDED = AuditKind("account:session:end", {"sessions": int, "reason": SessionEnd})

CONFIRMED = AuditKind("account:session:confirm", {"method": SignInMethod})
FACTOR_ADDED = AuditKind("account:factor:create", {"factor": Factor, "codes": int})
FACTOR_RENAMED = AuditKind("account:factor:rename", {"factor": Factor})
FACTOR_REMOVED = AuditKind("account:factor:delete", {"factor": Factor})
CODES_MADE = AuditKind("account:recovery_codes:create", {"codes": int})
LINK_MADE = AuditKind("account:link:create", {"purpose": LinkPurpose})
PASSWORD_RESET = AuditKind("account:password:reset", {"purpose": LinkPurpose})
EMAIL_ASKED = AuditKind("account:email:ask")
EMAIL_CHANGED = AuditKind("account:email:change", {"mailed": bool})
EMAIL_VERIFIED = AuditKind("account:email:verify")
BROWSER_TRUSTED = AuditKind("account:browser:trust")
BROWSER_REVOKED = AuditKind("account:browser:revoke")

KINDS = (
    USER_CREATED,
    USER_RENAMED,
    PASSWORD_CHANGED,
    SIGNED_IN,
    SIGN_IN_REFUSED,
    SESSIONS_ENDED,
    CONFIRMED,
    FACTOR_ADDED,
    FACTOR_RENAMED,
    FACTOR_REMOVED,
    CODES_MADE,
    LINK_MADE,
    PASSWORD_RESET,
    EMAIL_ASKED,
    EMAIL_CHANGED,
    EMAIL_VERIFIED,
    BROWSER_TRUSTED,
    BROWSER_REVOKED,
)
