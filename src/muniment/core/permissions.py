"""Every permission there is: `scope:resource:action`, alphabetical. What is absent from an actor is denied.

One enum, here at the bottom, so that roles (teams) and rules (each room's policies) name the same thing and a
typing mistake cannot grant or deny silently: docs/decisions/0003-one-permission-enum.md.
"""

from enum import StrEnum


class Permission(StrEnum):
    """Each has a heading in docs/permissions.md."""

    AGENT_CREATE = "team:agent:create"
    AGENT_DELETE = "agent:agent:delete"
    AGENT_UPDATE = "agent:agent:update"
    AGENT_VIEW = "agent:agent:view"
    AUDIT_VIEW = "team:audit:view"
    CONVERSATION_CREATE = "agent:conversation:create"
    DOCUMENT_CREATE = "agent:document:create"
    DOCUMENT_DELETE = "agent:document:delete"
    DOCUMENT_VIEW = "agent:document:view"
    MEMBER_CREATE = "team:member:create"
    MEMBER_DELETE = "team:member:delete"
    PROVIDER_UPDATE = "team:provider:update"
    PROVIDER_VIEW = "team:provider:view"
    TEAM_UPDATE = "team:team:update"
