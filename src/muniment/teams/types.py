"""Roles and what they may do. A permission that is absent from a role is denied."""

from enum import StrEnum

from muniment.core.permissions import Permission


class Role(StrEnum):
    OWNER = "owner"
    MEMBER = "member"
    CHAT_ONLY = "chat_only"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MEMBER: frozenset(
        {
            Permission.AGENT_CREATE,
            Permission.AGENT_DELETE,
            Permission.AGENT_UPDATE,
            Permission.AGENT_VIEW,
            Permission.CONVERSATION_CREATE,
            Permission.DOCUMENT_CREATE,
            Permission.DOCUMENT_DELETE,
            Permission.DOCUMENT_VIEW,
            Permission.PROVIDER_VIEW,
        }
    ),
    Role.CHAT_ONLY: frozenset({Permission.AGENT_VIEW, Permission.CONVERSATION_CREATE}),
}
