"""People and groups of one team as resources."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count
from scim2_models import Meta, NotFoundException, Reference, Resource

from muniment.scim.models import Group, GroupMember, Provisioned
from muniment.scim.refusals import refused
from muniment.scim.rows import rows_of
from muniment.scim.schemas import Group as GroupResource
from muniment.scim.schemas import Member
from muniment.scim.schemas import User as UserResource
from muniment.scim.showing import Held, Shown, as_resource, root

Kind = type[Provisioned] | type[Group]


def person(team: str, identifier: str) -> Provisioned:
    """Raises NotFoundException."""
    found: Provisioned | None = rows_of(team, Provisioned).filter(pk=identifier).first()
    if found is None:
        raise refused(NotFoundException, "There is no such user.")
    return found


def group(team: str, identifier: str) -> Group:
    """Raises NotFoundException."""
    found: Group | None = rows_of(team, Group).filter(pk=identifier).first()
    if found is None:
        raise refused(NotFoundException, "There is no such group.")
    return found


def resources(rows: Sequence[Provisioned | Group], *, with_members: bool = True) -> list[Resource[Any]]:
    seen = [Shown.of(row) for row in rows if isinstance(row, Provisioned)]
    return [*people(seen), *groups([row for row in rows if isinstance(row, Group)], with_members=with_members)]


def people(seen: Sequence[Shown]) -> list[UserResource]:
    held = held_by(seen)
    return [as_resource(one, held[one.pk]) for one in seen]


def held_by(seen: Sequence[Shown]) -> Mapping[str, list[Held]]:
    """The groups of each, by the person's id."""
    held: dict[str, list[Held]] = defaultdict(list)
    entries = GroupMember.objects.filter(person__in=[one.pk for one in seen]).order_by("group_id")
    for person, group, name in entries.values_list("person_id", "group_id", "group__display_name"):
        held[person].append((group, name))
    return held


def groups(rows: Sequence[Group], *, with_members: bool) -> list[GroupResource]:
    """Members alone are left out where nobody asks for them: there may be tens of thousands."""
    entries = GroupMember.objects.filter(group__in=rows)
    counts = dict(entries.values_list("group").annotate(Count("pk")).order_by()) if rows else {}
    members: dict[str, list[str]] = defaultdict(list)
    for of, one in entries.order_by("person_id").values_list("group_id", "person_id") if with_members and rows else ():
        members[of].append(one)
    return [_group(row, members[row.pk], counts.get(row.pk, 0)) for row in rows]


def _group(row: Group, members: Sequence[str], count: int) -> GroupResource:
    """A member who leaves the team leaves the group without a write to it: so the count is part of the version."""
    address = f"{root()}/Users"
    return GroupResource(
        id=row.pk,
        external_id=row.external_id or None,
        display_name=row.display_name,
        members=[Member(value=one, ref=Reference(f"{address}/{one}"), type="User") for one in members] or None,
        meta=Meta(
            resource_type="Group",
            created=row.created_at,
            last_modified=row.changed_at,
            location=f"{root()}/Groups/{row.pk}",
            version=f'W/"{int(row.changed_at.timestamp() * 1e6):x}-{count:x}"',
        ),
    )
