"""Searches among the people and groups of one team."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scim2_models import Context, NotImplementedException, SearchRequest
from scim2_server.storage import SearchPage

from muniment.scim.filters import condition, order
from muniment.scim.models import Provisioned
from muniment.scim.reading import Kind, groups, held_by, people
from muniment.scim.refusals import refused
from muniment.scim.rows import rows_of
from muniment.scim.schemas import PAGE
from muniment.scim.showing import COLUMNS, Shown, written

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass
class WrittenPage(SearchPage):
    """Its resources are written out already, as the answer shows them."""

    resources: list[Any]


def search(team: str, kinds: Sequence[Kind], asked: SearchRequest[Any], *, with_members: bool) -> WrittenPage:
    """One page, and how many there are on all; of several kinds the first comes whole before the next.

    Raises InvalidFilterException, NotImplementedException for an order over several kinds.
    """
    path = asked.sort_by.ast if asked.sort_by is not None else None
    if path is not None and len(kinds) > 1:
        raise refused(NotImplementedException, "Users and groups are ordered apart: at /Users and at /Groups.")
    descending = asked.sort_order == SearchRequest.SortOrder.descending
    first, left = (asked.start_index or 1) - 1, PAGE if asked.count is None else min(asked.count, PAGE)
    total, page = 0, list[dict[str, Any]]()
    for kind in kinds:
        found = rows_of(team, kind)
        if asked.filter is not None:
            found = found.filter(condition(asked.filter.ast, kind, kinds))
        rows = _part(kind, found.order_by(*order(path, kind, descending=descending)), first, left)
        is_end = len(rows) < left and (rows or not first)  # then it is known how many there are
        count = first + len(rows) if is_end else found.count()
        page += _written(kind, rows, asked, with_members=with_members)
        left -= len(rows)
        first, total = max(0, first - count), total + count
    return WrittenPage(total, page)


def _part(kind: Kind, ordered: "QuerySet[Any]", first: int, most: int) -> list[Any]:
    """`most` rows from the `first` on. Where some are passed over, their ids alone are: they are not put together."""
    if not first or not most:
        return _read(kind, ordered, most)
    chosen = list(ordered.values_list("pk", flat=True)[first : first + most])
    by_id = {one.pk: one for one in _read(kind, ordered.filter(pk__in=chosen).order_by(), most)}
    return [by_id[one] for one in chosen if one in by_id]  # who was removed meanwhile is passed over


def _read(kind: Kind, found: "QuerySet[Any]", most: int) -> list[Any]:
    """People as what is shown of them, without the rest of their accounts."""
    if kind is Provisioned:
        return [Shown(*values) for values in found.values_list(*COLUMNS)[:most]]
    return list(found[:most])


def _written(kind: Kind, rows: list[Any], asked: SearchRequest[Any], *, with_members: bool) -> list[dict[str, Any]]:
    """Each once. The library's own way reads and writes all of them a second time."""
    if kind is Provisioned and not asked.attributes and not asked.excluded_attributes:
        held = held_by(rows)
        return [written(one, held[one.pk]) for one in rows]
    found = people(rows) if kind is Provisioned else groups(rows, with_members=with_members)
    return [one.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=asked) for one in found]
