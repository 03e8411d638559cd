"""Every permission there is: `scope:resource:action`. What is absent from an actor is denied.

One enum, here at the bottom, so that roles (teams) and rules (each room's policies) name the same thing and a
typing mistake cannot grant or deny silently: docs/decisions/0003-one-permission-enum.md. The scope is `agent`, held
for every agent of the team or for one, or `team`, held for the team as a whole.
"""

from enum import StrEnum


class Permission(StrEnum):
    """Each has a heading in docs/permissions.md; in the order of the pages that list them."""

    AGENT_VIEW = "agent:agent:view"
    AGENT_UPDATE = "agent:agent:update"
    AGENT_DELETE = "agent:agent:delete"
    SETTING_VIEW = "agent:setting:view"
    GRANT_VIEW = "agent:grant:view"
    GRANT_UPDATE = "agent:grant:update"
    STATISTIC_VIEW = "agent:statistic:view"
    LOG_VIEW = "agent:log:view"
    DOCUMENT_VIEW = "agent:document:view"
    DOCUMENT_CREATE = "agent:document:create"
    DOCUMENT_UPDATE = "agent:document:update"
    DOCUMENT_DELETE = "agent:document:delete"
    NAME_VIEW = "agent:name:view"
    CONVERSATION_CREATE = "agent:conversation:create"
    CONVERSATION_EXPORT = "agent:conversation:export"
    TEAM_CONVERSATION_VIEW = "agent:team_conversation:view"
    TEAM_CONVERSATION_UPDATE = "agent:team_conversation:update"
    TEAM_CONVERSATION_DELETE = "agent:team_conversation:delete"
    ANONYMOUS_CONVERSATION_VIEW = "agent:anonymous_conversation:view"
    ANONYMOUS_CONVERSATION_UPDATE = "agent:anonymous_conversation:update"
    ANONYMOUS_CONVERSATION_DELETE = "agent:anonymous_conversation:delete"
    AGENT_CREATE = "team:agent:create"
    PERSONAL_CREATE = "team:personal_agent:create"
    PERSONAL_VIEW = "team:personal_agent:view"
    MEMBER_VIEW = "team:member:view"
    MEMBER_CREATE = "team:member:create"
    MEMBER_UPDATE = "team:member:update"
    MEMBER_DELETE = "team:member:delete"
    ROLE_VIEW = "team:role:view"
    ROLE_CREATE = "team:role:create"
    ROLE_UPDATE = "team:role:update"
    ROLE_DELETE = "team:role:delete"
    KEY_VIEW = "team:key:view"
    KEY_CREATE = "team:key:create"
    KEY_UPDATE = "team:key:update"
    KEY_DELETE = "team:key:delete"
    CONNECTION_VIEW = "team:connection:view"
    CONNECTION_UPDATE = "team:connection:update"
    POLICY_VIEW = "team:policy:view"
    POLICY_UPDATE = "team:policy:update"
    CREDIT_VIEW = "team:credit:view"
    CREDIT_UPDATE = "team:credit:update"
    PROVIDER_VIEW = "team:provider:view"
    PROVIDER_UPDATE = "team:provider:update"
    AUDIT_VIEW = "team:audit:view"
    CONTROL_VIEW = "team:control:view"
    CONTROL_UPDATE = "team:control:update"
    REQUEST_VIEW = "team:privacy_request:view"
    REQUEST_UPDATE = "team:privacy_request:update"
    TEAM_UPDATE = "team:team:update"
    OWNER_UPDATE = "team:owner:update"

    @property
    def is_per_agent(self) -> bool:
        """Whether it may be held for one agent alone."""
        return self.value.startswith("agent:")

    @property
    def resource(self) -> str:
        return self.value.split(":")[1]

    @property
    def action(self) -> str:
        return self.value.split(":")[2]


PER_AGENT = frozenset(permission for permission in Permission if permission.is_per_agent)
