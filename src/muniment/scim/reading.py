"""People and groups of one team as resources, and searches among them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Count, Model
from scim2_models import Meta, NotFoundException, NotImplementedException, Reference, Resource, SearchRequest
from scim2_server.storage import SearchPage

from muniment.scim.filters import condition, order
from muniment.scim.models import Group, GroupMember, Provisioned
from muniment.scim.refusals import refused
from muniment.scim.rows import rows_of
from muniment.scim.schemas import PAGE, Email, GroupOfUser, Member, Name
from muniment.scim.schemas import Group as GroupResource
from muniment.scim.schemas import User as UserResource

ROOT = "/scim/v2"
Kind = type[Provisioned] | type[Group]


def root() -> str:
    """Where the protocol begins, as the provider knows it."""
    return f"{settings.MUNIMENT_BASE_URL.origin}{ROOT}"


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


def search(team: str, kinds: Sequence[type[Model]], asked: SearchRequest[Any], *, with_members: bool) -> SearchPage:
    """One page, and how many there are on all; of several kinds the first comes whole before the next.

    Raises InvalidFilterException, NotImplementedException for an order over several kinds.
    """
    path = asked.sort_by.ast if asked.sort_by is not None else None
    if path is not None and len(kinds) > 1:
        raise refused(NotImplementedException, "Users and groups are ordered apart: at /Users and at /Groups.")
    descending = asked.sort_order == SearchRequest.SortOrder.descending
    first, left = (asked.start_index or 1) - 1, PAGE if asked.count is None else min(asked.count, PAGE)
    total, page = 0, list[Resource[Any]]()
    for kind in kinds:
        found = rows_of(team, kind)
        if asked.filter is not None:
            found = found.filter(condition(asked.filter.ast, kind, kinds))
        count = found.count()
        if left and first < count:
            ordered = found.order_by(*order(path, kind, descending=descending)).values_list("pk", flat=True)
            chosen = list(ordered[first : first + left])  # the ids alone: what is passed over is not put together
            by_id = rows_of(team, kind).in_bulk(chosen)
            rows = [by_id[one] for one in chosen]
            page += resources(rows, with_members=with_members)
            left -= len(rows)
        first, total = max(0, first - count), total + count
    return SearchPage(total, page)


def resources(rows: Sequence[Provisioned | Group], *, with_members: bool = True) -> list[Resource[Any]]:
    people = [row for row in rows if isinstance(row, Provisioned)]
    groups = [row for row in rows if isinstance(row, Group)]
    return [*_users(people), *_groups(groups, with_members=with_members)]


def _users(rows: Sequence[Provisioned]) -> Iterable[Resource[Any]]:
    entries = GroupMember.objects.filter(person__in=rows).select_related("group").order_by("group_id")
    groups: dict[str, list[Group]] = defaultdict(list)
    for entry in entries if rows else ():
        groups[entry.person_id].append(entry.group)
    return [user(row, groups[row.pk]) for row in rows]


def user(row: Provisioned, groups: Sequence[Group]) -> UserResource:
    membership, account = row.membership, row.membership.user
    is_active = membership.suspended_at is None and account.is_active
    named = Name(given_name=row.given_name or None, family_name=row.family_name or None)
    seen = (account.email, account.name, is_active, row.changed_at, *((one.pk, one.display_name) for one in groups))
    return UserResource(
        id=row.pk,
        external_id=row.external_id or None,
        user_name=account.email,
        name=named if row.given_name or row.family_name else None,
        display_name=account.name or None,
        active=is_active,
        emails=[Email(value=account.email, type="work", primary=True)],
        groups=[_group_of_user(one) for one in groups] or None,
        meta=_meta("User", row, sha256(repr(seen).encode()).hexdigest()[:24]),
    )


def _group_of_user(group: Group) -> GroupOfUser:
    return GroupOfUser(value=group.pk, ref=Reference(f"{root()}/Groups/{group.pk}"), display=group.display_name)


def _groups(rows: Sequence[Group], *, with_members: bool) -> Iterable[Resource[Any]]:
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
        meta=_meta("Group", row, f"{int(row.changed_at.timestamp() * 1e6):x}-{count:x}"),
    )


def _meta(kind: str, row: Provisioned | Group, version: str) -> Meta:
    return Meta(
        resource_type=kind,
        created=row.created_at,
        last_modified=row.changed_at,
        location=f"{root()}/{kind}s/{row.pk}",
        version=f'W/"{version}"',
    )
