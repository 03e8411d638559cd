"""What a team has of people and groups. Every look in this room begins here: another team's are not there."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet

from muniment.scim.models import Group, Provisioned

AT_ONCE = 500  # values in one query


def rows_of(team: str, kind: type[Model]) -> "QuerySet[Any]":
    """All of a kind."""
    if kind is Provisioned:
        return Provisioned.objects.filter(team=team).select_related("membership__user", "membership__custom_role")
    return Group.objects.filter(team=team)


def people_by_id(team: str, identifiers: Sequence[str]) -> list[Provisioned]:
    """Those that have one of these ids."""
    found: list[Provisioned] = []
    for begin in range(0, len(identifiers), AT_ONCE):
        found += rows_of(team, Provisioned).filter(pk__in=identifiers[begin : begin + AT_ONCE])
    return found
