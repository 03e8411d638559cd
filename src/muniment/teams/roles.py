"""Roles of a team's own: made, changed, deleted."""

from django.db import IntegrityError, transaction

from muniment.audit.services import record
from muniment.core.actors import Actor
from muniment.core.cleaning import one_line
from muniment.core.permissions import Permission
from muniment.core.registries import role_endings
from muniment.teams import events
from muniment.teams.errors import RoleInUseError, RoleNameError
from muniment.teams.membership import acting_in
from muniment.teams.models import CustomRole, Invitation, Membership, Team, rights_of, role_fields
from muniment.teams.policies import require_covers, require_role_of, require_unreserved
from muniment.teams.provisioning import rules_without
from muniment.teams.types import Rights, Role, RoleDraft


def create_role(*, actor: Actor, team: Team, draft: RoleDraft) -> CustomRole:
    """Raises RoleNameError, PermissionDeniedError for what the actor lacks."""
    with acting_in(actor, team, Permission.ROLE_CREATE) as acting:
        _require_rights(acting, draft.rights)
        role = CustomRole(team=team)
        _store(role, draft)
        record(kind=events.ROLE_CREATED, actor=acting, subject=role.pk, team=team.pk, facts=_facts(draft.rights))
    return role


def update_role(*, actor: Actor, role: CustomRole, draft: RoleDraft) -> CustomRole:
    """Holds from the next request on of all who have it. Raises as `create_role`."""
    with acting_in(actor, role.team, Permission.ROLE_UPDATE) as acting:
        role = CustomRole.objects.get(pk=role.pk)
        require_covers(acting, role.rights)
        _require_rights(acting, draft.rights)
        _store(role, draft)
        record(kind=events.ROLE_UPDATED, actor=acting, subject=role.pk, team=role.team_id, facts=_facts(draft.rights))
    return role


def delete_role(*, actor: Actor, role: CustomRole, replacement: Role | CustomRole | None = None) -> None:
    """Who has it gets `replacement`; open invitations to it, and what was granted to it, end.

    Raises RoleInUseError when somebody has it and no replacement is named, PermissionDeniedError.
    """
    with acting_in(actor, role.team, Permission.ROLE_DELETE) as acting:
        require_covers(acting, role.rights)
        members = Membership.objects.filter(custom_role=role)
        if members.exists():
            _require_replacement(acting, role, replacement)
        facts = {
            "members": members.update(**role_fields(replacement)) if replacement else 0,
            "invitations": Invitation.objects.filter(custom_role=role).delete()[0],
        }
        rules_without(role, replacement)
        for room in role_endings:
            role_endings.get(room)(role.pk)
        identifier, team = role.pk, role.team_id
        role.delete()
        record(kind=events.ROLE_DELETED, actor=acting, subject=identifier, team=team, facts=facts)


def _require_replacement(acting: Actor, role: CustomRole, replacement: Role | CustomRole | None) -> None:
    if replacement is None or replacement == role:
        raise RoleInUseError("Somebody has this role. Choose another one for them.")
    require_role_of(role.team, replacement)
    require_covers(acting, rights_of(replacement))


def _require_rights(acting: Actor, rights: Rights) -> None:
    require_unreserved(rights)
    require_covers(acting, rights)


def _store(role: CustomRole, draft: RoleDraft) -> None:
    role.name, role.description = one_line(draft.name), one_line(draft.description)[:300]
    if not 1 <= len(role.name) <= 60 or role.name.casefold() in {one.value for one in Role}:
        raise RoleNameError("A role has a name of its own, of 1 to 60 characters. Choose another one.")
    role.everywhere, role.on_granted = sorted(draft.rights.everywhere), sorted(draft.rights.on_granted)
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError:
        raise RoleNameError("There is a role of this name already. Choose another one.") from None


def _facts(rights: Rights) -> dict[str, int]:
    return {"everywhere": len(rights.everywhere), "on_granted": len(rights.on_granted)}
