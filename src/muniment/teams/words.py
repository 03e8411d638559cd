"""Roles, permissions and steps of access in words for people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from muniment.core.permissions import Permission
from muniment.teams.models import CustomRole
from muniment.teams.types import KeyPreset, Role

ROLES: dict[Role, tuple[Promise, Promise]] = {
    Role.OWNER: (_("Owner"), _("Everything, and who else is an owner.")),
    Role.ADMINISTRATOR: (_("Administrator"), _("People, roles, rules and every agent, but neither owners nor limits.")),
    Role.BUILDER: (_("Builder"), _("Makes and keeps the agents of the team.")),
    Role.ANALYST: (_("Analyst"), _("Sees how agents are used and what they are asked; names only as stand-ins.")),
    Role.MEMBER: (_("Member"), _("Asks the agents of the team, and makes personal ones.")),
    Role.CHAT_ONLY: (_("Chat only"), _("Asks the agents granted to them, and sees only their own history.")),
}

RESOURCES: tuple[tuple[Promise, tuple[tuple[Permission, Promise], ...]], ...] = (
    (
        _("Agents"),
        (
            (Permission.AGENT_VIEW, _("See that they exist")),
            (Permission.SETTING_VIEW, _("See settings")),
            (Permission.AGENT_UPDATE, _("Change settings")),
            (Permission.AGENT_DELETE, _("Delete")),
            (Permission.GRANT_VIEW, _("See who may use them")),
            (Permission.GRANT_UPDATE, _("Say who may use them")),
            (Permission.STATISTIC_VIEW, _("See statistics")),
            (Permission.LOG_VIEW, _("Read their log")),
            (Permission.AGENT_CREATE, _("Make for the team")),
            (Permission.PERSONAL_CREATE, _("Make for oneself")),
            (Permission.PERSONAL_VIEW, _("Reach personal ones of others")),
        ),
    ),
    (
        _("Documents"),
        (
            (Permission.DOCUMENT_VIEW, _("See the list")),
            (Permission.DOCUMENT_CREATE, _("Upload")),
            (Permission.DOCUMENT_UPDATE, _("Read again")),
            (Permission.DOCUMENT_DELETE, _("Delete")),
            (Permission.NAME_VIEW, _("See names behind stand-ins, and files")),
        ),
    ),
    (
        _("Conversations"),
        (
            (Permission.CONVERSATION_CREATE, _("Ask; one's own")),
            (Permission.TEAM_CONVERSATION_VIEW, _("Members': read")),
            (Permission.TEAM_CONVERSATION_UPDATE, _("Members': rename and mark")),
            (Permission.TEAM_CONVERSATION_DELETE, _("Members': delete")),
            (Permission.ANONYMOUS_CONVERSATION_VIEW, _("Visitors': read")),
            (Permission.ANONYMOUS_CONVERSATION_UPDATE, _("Visitors': rename and mark")),
            (Permission.ANONYMOUS_CONVERSATION_DELETE, _("Visitors': delete")),
            (Permission.CONVERSATION_EXPORT, _("Export those of others")),
        ),
    ),
    (
        _("People and roles"),
        (
            (Permission.MEMBER_VIEW, _("Members: see")),
            (Permission.MEMBER_CREATE, _("Members: invite")),
            (Permission.MEMBER_UPDATE, _("Members: change role, suspend")),
            (Permission.MEMBER_DELETE, _("Members: remove")),
            (Permission.ROLE_VIEW, _("Roles: see")),
            (Permission.ROLE_CREATE, _("Roles: make")),
            (Permission.ROLE_UPDATE, _("Roles: change")),
            (Permission.ROLE_DELETE, _("Roles: delete")),
        ),
    ),
    (
        _("The team"),
        (
            (Permission.KEY_CREATE, _("API keys: make own")),
            (Permission.KEY_VIEW, _("API keys: see all")),
            (Permission.KEY_UPDATE, _("API keys: make the team's")),
            (Permission.KEY_DELETE, _("API keys: revoke others'")),
            (Permission.CONNECTION_VIEW, _("Domains and single sign-on: see")),
            (Permission.CONNECTION_UPDATE, _("Domains and single sign-on: change")),
            (Permission.POLICY_VIEW, _("Sign-in rules: see")),
            (Permission.POLICY_UPDATE, _("Sign-in rules: change")),
            (Permission.CREDIT_VIEW, _("Use and limits: see")),
            (Permission.CREDIT_UPDATE, _("Limits: change")),
            (Permission.PROVIDER_VIEW, _("Models: choose one")),
            (Permission.PROVIDER_UPDATE, _("Models and server: change")),
            (Permission.TEAM_UPDATE, _("Rename the team")),
        ),
    ),
    (
        _("Trust"),
        (
            (Permission.AUDIT_VIEW, _("Audit log: read")),
            (Permission.CONTROL_VIEW, _("Controls: see")),
            (Permission.CONTROL_UPDATE, _("Controls: take up findings")),
            (Permission.REQUEST_VIEW, _("Privacy requests: see")),
            (Permission.REQUEST_UPDATE, _("Privacy requests: answer")),
        ),
    ),
)

KEY_USES: dict[KeyPreset, tuple[Promise, Promise]] = {
    KeyPreset.ASK: (_("Ask"), _("Asks agents and keeps its own conversations. For a website or a chat tool.")),
    KeyPreset.READ: (_("Ask and list documents"), _("Also sees which documents an agent has.")),
    KeyPreset.BUILD: (_("Build"), _("Makes agents, uploads and deletes documents, changes settings.")),
    KeyPreset.ALL: (_("All I may do"), _("Whatever your role allows, now and later. For yourself alone.")),
    KeyPreset.CHOSEN: (_("Single permissions"), _("Chosen one by one.")),
}


def role_name(role: Role | CustomRole) -> str:
    return role.name if isinstance(role, CustomRole) else str(ROLES[role][0])


def role_description(role: Role | CustomRole) -> str:
    return role.description if isinstance(role, CustomRole) else str(ROLES[role][1])
