"""Who may use an agent beside those whose role says so: grants to members and to roles; whose it is."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from muniment.agents import events
from muniment.agents.errors import GrantRefusedError
from muniment.agents.models import Agent, AgentGrant
from muniment.agents.policies import check, check_create, check_gives, may, owns
from muniment.agents.types import Access, AgentState
from muniment.audit.services import record
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.teams.selectors import member, role_columns
from muniment.teams.types import Role

if TYPE_CHECKING:
    from muniment.teams.models import CustomRole


def grant_agent(
    *,
    actor: Actor,
    agent: Agent,
    user: int | None = None,
    role: "Role | CustomRole | None" = None,
    permissions: Iterable[Permission] = Access.ASK.permissions,
) -> None:
    """Lets one member, or all who have a role, do this with the agent: in place of what was granted to them before.

    Raises GrantRefusedError, PermissionDeniedError for what the actor may not do with the agent; NotFoundError for
    who is not in the team.
    """
    given = frozenset(permissions) | {Permission.AGENT_VIEW}
    check_gives(actor, agent, given)
    whom, subject, is_guest = _to_whom(actor, user, role)
    if is_guest and given - Access.ASK.permissions:
        raise GrantRefusedError("Who only chats can be given an agent to ask, no more. Change the role first.")
    with transaction.atomic():
        require_live(agent)
        AgentGrant.objects.update_or_create(agent=agent, **whom, defaults={"permissions": sorted(given)})
        facts = {"permissions": len(given)}
        record(kind=events.AGENT_GRANTED, actor=actor, subject=subject, silo=agent.silo, facts=facts)


def revoke_grant(*, actor: Actor, agent: Agent, grant: int) -> None:
    """NotFoundError for a grant of another agent."""
    check(actor, Permission.GRANT_UPDATE, agent)
    with transaction.atomic():
        found = AgentGrant.objects.filter(agent=agent, pk=grant).select_related("user").first()
        if found is None:
            raise NotFoundError("This was not granted, or not any more.")
        found.delete()
        subject = found.user.ref if found.user else found.custom_role_id
        record(kind=events.AGENT_REVOKED, actor=actor, subject=subject, silo=agent.silo)


def change_sharing(*, actor: Actor, agent: Agent, personal: bool) -> None:
    """Makes it the team's, or its owner's alone. Grants stay.

    Attack stopped: a member puts an agent before the whole team that is not to be made for it, or takes one of the
    team's away from it.
    """
    check(actor, Permission.GRANT_UPDATE, agent)
    if not personal:
        check_create(actor)
    elif agent.owner_id is None or not (owns(actor, agent) or actor.holds(Permission.PERSONAL_VIEW)):
        raise PermissionDeniedError("Only its owner or an administrator makes an agent personal.")
    with transaction.atomic():
        require_live(agent)
        Agent.objects.filter(pk=agent.pk).update(personal=personal)
        record(kind=events.SHARING_CHANGED, actor=actor, silo=agent.silo, facts={"personal": personal})
    agent.personal = personal


def may_share(actor: Actor, agent: Agent) -> bool:
    return may(actor, Permission.GRANT_UPDATE, agent)


def grants_of(*, user: int, team: str, role: str, custom: str | None) -> Mapping[str, frozenset[Permission]]:
    """`core.registries.AgentGrants`: what was granted to a person and to the person's role, by agent."""
    found: dict[str, frozenset[Permission]] = {}
    to_role = AgentGrant.objects.filter(user=None, role=role, custom_role=custom)
    for grants in (AgentGrant.objects.filter(user=user), to_role):
        for agent, values in grants.filter(agent__team=team).values_list("agent", "permissions"):
            found[agent] = found.get(agent, frozenset()) | {Permission(one) for one in values if one in _KNOWN}
    return found


def forget_role(role: str) -> None:
    """What was granted to a role of the team's own ends with it."""
    AgentGrant.objects.filter(custom_role=role).delete()


_KNOWN = frozenset(permission.value for permission in Permission)


def _to_whom(
    actor: Actor, user: int | None, role: "Role | CustomRole | None"
) -> tuple[dict[str, Any], str | None, bool]:
    """The columns, the subject of the event, and whether these people only chat."""
    if user is not None:
        found = member(actor, user)
        return {"user_id": user}, found.user.ref, found.role == Role.CHAT_ONLY
    if role is None:
        raise GrantRefusedError("Choose a person or a role.")
    columns = role_columns(actor, role)
    custom = columns["custom_role"]
    return {"user": None, **columns}, custom.pk if custom else None, role is Role.CHAT_ONLY


def require_live(agent: Agent) -> None:
    if not Agent.objects.select_for_update().filter(pk=agent.pk, state=AgentState.LIVE).exists():
        raise NotFoundError("There is no such agent.")
