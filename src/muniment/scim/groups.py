"""Groups of the provider: made, changed, deleted. Within the transaction of the request."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from scim2_models import InvalidValueException, UniquenessException

from muniment.audit.services import record
from muniment.core.actors import Actor
from muniment.core.cleaning import one_line
from muniment.core.clock import now
from muniment.scim import events
from muniment.scim.models import Group, GroupMember, Provisioned
from muniment.scim.refusals import refused
from muniment.scim.roles import roles_follow
from muniment.scim.rows import AT_ONCE, people_by_id, rows_of
from muniment.scim.schemas import Group as GroupResource

if TYPE_CHECKING:
    from muniment.teams.models import Team

LONGEST = 255  # characters of a name


def create_group(actor: Actor, team: "Team", wanted: GroupResource) -> Group:
    """Raises UniquenessException, InvalidValueException for a name that cannot be or a member who is no user here."""
    row = Group(team=team)
    _describe(row, wanted)
    row.changed_at = row.created_at
    _store(row, is_new=True)
    members = _members(row.team_id, wanted)
    _enter(row, members)
    record(kind=events.GROUP_CREATED, actor=actor, subject=row.pk, facts={"members": len(members)})
    roles_follow(actor, members)
    return row


def update_group(actor: Actor, row: Group, wanted: GroupResource) -> bool:
    """Whether anything changed. Raises as `create_group`."""
    renamed = _describe(row, wanted)
    was = {entry.person_id for entry in GroupMember.objects.filter(group=row)}
    members = _members(row.team_id, wanted)
    added = [one for one in members if one.pk not in was]
    removed = sorted(was - {one.pk for one in members})
    if not (renamed or added or removed):
        return False
    row.changed_at = now()
    _store(row, is_new=False)
    _enter(row, added)
    for begin in range(0, len(removed), AT_ONCE):
        GroupMember.objects.filter(group=row, person__in=removed[begin : begin + AT_ONCE]).delete()
    facts = {"added": len(added), "removed": len(removed)}
    record(kind=events.GROUP_UPDATED, actor=actor, subject=row.pk, facts=facts)
    roles_follow(actor, [*(members if renamed else added), *people_by_id(row.team_id, removed)])
    return True


def delete_group(actor: Actor, row: Group) -> None:
    """Its members stay in the team; what it gave them it gives no longer."""
    members = list(rows_of(row.team_id, Provisioned).filter(entries__group=row))
    identifier = row.pk
    row.delete()
    record(kind=events.GROUP_DELETED, actor=actor, subject=identifier, facts={"members": len(members)})
    roles_follow(actor, members)


def _members(team: str, wanted: GroupResource) -> list[Provisioned]:
    """Attack stopped: a group with somebody of another team in it, who then is given a role here or is told of."""
    asked = list(dict.fromkeys(one.value for one in wanted.members or () if one.value))
    found = people_by_id(team, asked)
    if len(found) < len(asked) or any(not one.value for one in wanted.members or ()):
        raise refused(InvalidValueException, "A member of this group is no user of the team. Send the user first.")
    return found


def _enter(row: Group, members: Sequence[Provisioned]) -> None:
    GroupMember.objects.bulk_create([GroupMember(group=row, person=one) for one in members], batch_size=AT_ONCE)


def _describe(row: Group, wanted: GroupResource) -> bool:
    name, external = one_line(wanted.display_name or ""), wanted.external_id or ""
    if not 1 <= len(name) <= LONGEST or len(external) > LONGEST or not external.isprintable():
        raise refused(
            InvalidValueException,
            f"A group has a displayName; that and externalId have {LONGEST} characters at most.",
        )
    changed = (row.display_name, row.external_id) != (name, external)
    row.display_name, row.external_id = name, external
    return changed


def _store(row: Group, *, is_new: bool) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=is_new)
    except IntegrityError:
        raise refused(UniquenessException, "There is a group of this name already.") from None
