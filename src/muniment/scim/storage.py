"""One team's people and groups, as `scim2_server` reads and writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from scim2_models import (
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    SearchRequest,
)
from scim2_server.storage import ScimStorage, SearchPage

from muniment.core.permissions import Permission
from muniment.scim import groups, people, reading
from muniment.scim.log import note_done
from muniment.scim.models import Group, Provisioned
from muniment.scim.refusals import in_scim
from muniment.scim.schemas import Group as GroupResource
from muniment.scim.schemas import User as UserResource
from muniment.scim.searching import search
from muniment.scim.showing import Shown, as_resource
from muniment.scim.tokens import Holder, require_standing
from muniment.scim.types import Act
from muniment.teams.services import Provisioning, acting_where

if TYPE_CHECKING:
    from muniment.teams.models import Team


class TeamStorage(ScimStorage):
    """Made for each request: `holder` says which team. `writes`: whether the request changes anything."""

    def __init__(self, holder: Holder, *, writes: bool) -> None:
        self._holder = holder
        self._actor = holder.actor
        self._writes = writes
        self._team: Team
        self._decided: Provisioning

    @contextmanager
    def operation(self) -> Iterator[None]:
        """A write holds the team's row to its end, so that of two which make the same person one comes second; and only
        then is the token asked for again.
        """
        with in_scim():
            if not self._writes:
                yield
                return
            with acting_where(self._actor, Permission.MEMBER_UPDATE, self._standing) as self._team:
                yield

    def _standing(self) -> "Team":
        standing = require_standing(self._holder)
        self._decided = standing.decided
        return standing.home

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        found = self._row(resource_type, resource_id)
        return reading.resources([found], with_members=_asks_for_members(response_parameters))[0]

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,  # noqa: ARG002 - of a cursor: there is none
    ) -> SearchPage:
        kinds = [_KINDS[one.name] for one in resource_types]
        wanted = _asks_for_members(search_request)
        return search(self._holder.team, kinds, search_request, with_members=wanted)

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        if resource_type.name == "User":
            row, act = people.create_person(self._actor, self._team, cast("UserResource", resource), self._decided.role)
            note_done(self._holder, act, row.membership.user.ref)
            return as_resource(Shown.of(row), groups=())
        made = groups.create_group(self._actor, self._team, cast("GroupResource", resource))
        note_done(self._holder, Act.GROUP_CREATED, made.pk)
        return reading.resources([made])[0]

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        row = self._row(resource_type, resource.id or "", expected_version)
        if isinstance(row, Provisioned):
            act = people.update_person(self._actor, row, cast("UserResource", resource))
            if act is not None:
                note_done(self._holder, act, row.membership.user.ref)
        elif groups.update_group(self._actor, row, cast("GroupResource", resource)):
            note_done(self._holder, Act.GROUP_UPDATED, row.pk)
        return self.get(resource_type, row.pk)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        row = self._row(resource_type, resource_id, expected_version)
        if isinstance(row, Provisioned):
            note_done(self._holder, Act.USER_DELETED, row.membership.user.ref)
            people.delete_person(self._actor, row, self._decided.heir)
        else:
            note_done(self._holder, Act.GROUP_DELETED, row.pk)
            groups.delete_group(self._actor, row)

    def _row(
        self, resource_type: ResourceType, identifier: str, expected_version: str | None = None
    ) -> Provisioned | Group:
        find = reading.person if resource_type.name == "User" else reading.group
        row: Provisioned | Group = find(self._holder.team, identifier)
        if expected_version is not None:
            meta = reading.resources([row], with_members=False)[0].meta
            if meta is None or meta.version != expected_version:
                raise PreconditionFailedException
        return row


_KINDS: dict[str | None, reading.Kind] = {"User": Provisioned, "Group": Group}


def _asks_for_members(parameters: ResponseParameters[Any] | None) -> bool:
    if parameters is None:
        return True
    asked = {str(path).lower().rpartition(":")[2] for path in parameters.attributes or ()}
    without = {str(path).lower().rpartition(":")[2] for path in parameters.excluded_attributes or ()}
    return "members" not in without and (not asked or any(one.startswith("members") for one in asked))
