"""Roles and what they may do. A permission that is absent from a role is denied."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from muniment.core.permissions import PER_AGENT, Permission


class Role(StrEnum):
    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    BUILDER = "builder"
    ANALYST = "analyst"
    MEMBER = "member"
    CHAT_ONLY = "chat_only"
    CUSTOM = "custom"  # one of the team's own: what it may do is in its row


class ConsentBy(StrEnum):
    """Who collects the consent of the people who ask through an API key."""

    OURS = "ours"  # Muniment, before the first question of each
    CLIENT = "client"  # whoever holds the key says that it has it


class DomainState(StrEnum):
    PENDING = "pending"  # its record is looked for
    VERIFIED = "verified"  # the record stood, and has not been gone for a week
    FAILED = "failed"  # not looked for until somebody asks again


class DomainFound(StrEnum):
    """What the last look into DNS found."""

    PROOF = "proof"
    NOTHING = "nothing"
    OTHER = "other"  # records there, none with this team's token
    UNKNOWN = "unknown"  # no answer that says anything
    HELD = "held"  # the proof, while another team's stands


DOMAIN_GRACE = timedelta(days=7)  # how long a domain counts after its record was found gone


class Stake(StrEnum):
    """What is counted before somebody leaves a team."""

    AGENTS = "agents"
    DOCUMENTS = "documents"
    WORDS = "words"
    CONVERSATIONS = "conversations"
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role may do: in all of the team, and with single agents that are granted to who has it."""

    everywhere: frozenset[Permission]
    on_granted: frozenset[Permission] = frozenset()

    @property
    def all(self) -> frozenset[Permission]:
        return self.everywhere | self.on_granted


RESERVED = frozenset({Permission.CONNECTION_UPDATE, Permission.OWNER_UPDATE})  # of owners alone: no other role, no key
_CHAT = frozenset({Permission.AGENT_VIEW, Permission.CONVERSATION_CREATE})
_MEMBER = _CHAT | {Permission.CREDIT_VIEW, Permission.MEMBER_VIEW, Permission.PERSONAL_CREATE, Permission.PROVIDER_VIEW}
_ANALYST = _CHAT | {
    Permission.ANONYMOUS_CONVERSATION_VIEW,
    Permission.CONVERSATION_EXPORT,
    Permission.CREDIT_VIEW,
    Permission.DOCUMENT_VIEW,
    Permission.MEMBER_VIEW,
    Permission.SETTING_VIEW,
    Permission.STATISTIC_VIEW,
    Permission.TEAM_CONVERSATION_VIEW,
}
_BUILDER = (
    _MEMBER
    | {Permission.AGENT_CREATE, Permission.KEY_CREATE}
    | PER_AGENT
    - {Permission.CONVERSATION_EXPORT, Permission.TEAM_CONVERSATION_VIEW, Permission.TEAM_CONVERSATION_UPDATE}
)
_OWNERS_ALONE = RESERVED | {Permission.CREDIT_UPDATE, Permission.TEAM_UPDATE}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.ADMINISTRATOR: frozenset(Permission) - _OWNERS_ALONE,
    Role.BUILDER: _BUILDER,
    Role.ANALYST: _ANALYST,
    Role.MEMBER: _MEMBER,
    Role.CHAT_ONLY: frozenset(),
    Role.CUSTOM: frozenset(),
}
ON_GRANTED: dict[Role, frozenset[Permission]] = {Role.CHAT_ONLY: _CHAT}
MAY_OWN = frozenset({Permission.AGENT_CREATE, Permission.PERSONAL_CREATE})  # either, to have agents of one's own
BUILT_IN = tuple(role for role in Role if role is not Role.CUSTOM)

OWN = PER_AGENT - {  # what comes with owning an agent, beside the role: it opens nobody's conversations
    Permission.ANONYMOUS_CONVERSATION_UPDATE,
    Permission.ANONYMOUS_CONVERSATION_VIEW,
    Permission.CONVERSATION_EXPORT,
    Permission.TEAM_CONVERSATION_UPDATE,
    Permission.TEAM_CONVERSATION_VIEW,
}

_NEEDS = {
    Permission.AGENT_UPDATE: Permission.SETTING_VIEW,
    Permission.GRANT_UPDATE: Permission.GRANT_VIEW,
    Permission.DOCUMENT_UPDATE: Permission.DOCUMENT_VIEW,
    Permission.DOCUMENT_DELETE: Permission.DOCUMENT_VIEW,
    Permission.DOCUMENT_CREATE: Permission.DOCUMENT_VIEW,
    Permission.NAME_VIEW: Permission.DOCUMENT_VIEW,
    Permission.TEAM_CONVERSATION_UPDATE: Permission.TEAM_CONVERSATION_VIEW,
    Permission.ANONYMOUS_CONVERSATION_UPDATE: Permission.ANONYMOUS_CONVERSATION_VIEW,
    Permission.MEMBER_CREATE: Permission.MEMBER_VIEW,
    Permission.MEMBER_UPDATE: Permission.MEMBER_VIEW,
    Permission.MEMBER_DELETE: Permission.MEMBER_VIEW,
    Permission.ROLE_CREATE: Permission.ROLE_VIEW,
    Permission.ROLE_UPDATE: Permission.ROLE_VIEW,
    Permission.ROLE_DELETE: Permission.ROLE_VIEW,
    Permission.KEY_UPDATE: Permission.KEY_VIEW,
    Permission.KEY_DELETE: Permission.KEY_VIEW,
    Permission.CONNECTION_UPDATE: Permission.CONNECTION_VIEW,
    Permission.POLICY_UPDATE: Permission.POLICY_VIEW,
    Permission.CREDIT_UPDATE: Permission.CREDIT_VIEW,
    Permission.PROVIDER_UPDATE: Permission.PROVIDER_VIEW,
    Permission.CONTROL_UPDATE: Permission.CONTROL_VIEW,
    Permission.REQUEST_UPDATE: Permission.REQUEST_VIEW,
}


def completed(permissions: frozenset[Permission]) -> frozenset[Permission]:
    """With what they are worth nothing without: nobody changes an agent's settings who cannot see the agent."""
    found = permissions | {_NEEDS[one] for one in permissions if one in _NEEDS}
    return found | {Permission.AGENT_VIEW} if found & PER_AGENT else found


class KeyPreset(StrEnum):
    """What most keys are for; CHOSEN: single permissions."""

    ASK = "ask"
    READ = "read"
    BUILD = "build"
    ALL = "all"
    CHOSEN = "chosen"


KEY_PRESETS: dict[KeyPreset, frozenset[Permission]] = {
    KeyPreset.ASK: _CHAT,
    KeyPreset.READ: _CHAT | {Permission.DOCUMENT_VIEW},
    KeyPreset.BUILD: _CHAT
    | {
        Permission.AGENT_CREATE,
        Permission.AGENT_DELETE,
        Permission.AGENT_UPDATE,
        Permission.CREDIT_VIEW,
        Permission.DOCUMENT_CREATE,
        Permission.DOCUMENT_DELETE,
        Permission.DOCUMENT_UPDATE,
        Permission.DOCUMENT_VIEW,
        Permission.SETTING_VIEW,
        Permission.STATISTIC_VIEW,
    },
    KeyPreset.ALL: frozenset(Permission) - RESERVED,
}


@dataclass(frozen=True, slots=True)
class KeyDraft:
    """An API key as somebody wants it. `agents`: ids; None for all that its holder reaches. `is_service`: it belongs to
    the team, not to who makes it.
    """

    name: str
    permissions: frozenset[Permission]
    agents: frozenset[str] | None = None
    days: int = 90
    consent: ConsentBy = ConsentBy.OURS
    is_service: bool = False

    @property
    def held(self) -> frozenset[Permission]:
        """With what they need to be of use, without what no key may do or, for single agents, is the team's."""
        found = completed(self.permissions) - RESERVED
        return found if self.agents is None else found & PER_AGENT


@dataclass(frozen=True, slots=True)
class RoleDraft:
    """A role as somebody wants it. What a permission needs to be of use is added: `types.completed`."""

    name: str
    description: str
    everywhere: frozenset[Permission]
    on_granted: frozenset[Permission] = frozenset()

    @property
    def rights(self) -> Rights:
        return Rights(completed(self.everywhere), completed(self.on_granted & PER_AGENT))


@dataclass(frozen=True, slots=True)
class Opening:
    """How a session was opened: by which team's provider, if by one; when; whether a passkey was used."""

    opened_by: str | None
    began_at: datetime | None
    with_passkey: bool
