"""One request of a provider, answered."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from scim2_models import PayloadTooLargeException, Resource, ResourceType, SCIMException, SearchRequest
from scim2_server.bulk import BulkPlan, BulkStep
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService
from scim2_server.storage import SearchPage

from muniment.core.errors import MunimentError
from muniment.core.faults import log_fault
from muniment.scim.filters import require_short
from muniment.scim.log import note_refused
from muniment.scim.models import Group, Provisioned
from muniment.scim.normalising import normalised
from muniment.scim.refusals import OUR_WORDS, refused, said
from muniment.scim.rows import rows_of
from muniment.scim.schemas import provider
from muniment.scim.storage import TeamStorage
from muniment.scim.tokens import Holder, require_on
from muniment.scim.types import BODY, Act

_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_ACTS = {
    ("users", "POST"): Act.USER_CREATED,
    ("users", "PUT"): Act.USER_UPDATED,
    ("users", "PATCH"): Act.USER_UPDATED,
    ("users", "DELETE"): Act.USER_DELETED,
    ("groups", "POST"): Act.GROUP_CREATED,
    ("groups", "PUT"): Act.GROUP_UPDATED,
    ("groups", "PATCH"): Act.GROUP_UPDATED,
    ("groups", "DELETE"): Act.GROUP_DELETED,
}
_THROWN = "thrown"
_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def serve(holder: Holder, request: ScimRequest) -> ScimResponse:
    """A refusal leaves a row for owners: of what would have changed something, and of a door that is shut."""
    try:
        if not _writes(request):  # a write asks inside its transaction
            require_on(holder)
        return _handled(holder, request)
    except MunimentError as error:
        refusal = said(error)
    except SCIMException as error:
        refusal = error
    if _writes(request) or refusal.status == 403:
        _note(holder, request.method, request.path, refusal.status, refusal)
    return ScimService(provider()).error_response(refusal)


def _handled(holder: Holder, request: ScimRequest) -> ScimResponse:
    if len(request.body) > BODY:
        raise refused(PayloadTooLargeException, f"A request has at most {BODY} bytes. Send less at once.")
    require_short(request.query.get("filter", ""))
    request.body = normalised(request.method, request.path, request.body)
    handler = _Handler(_Service(provider()), TeamStorage(holder, writes=_writes(request)))
    handler.holder = holder
    return handler.handle(request)


def _writes(request: ScimRequest) -> bool:
    return request.method in _WRITES and not request.path.endswith("/.search")


class _Service(ScimService):
    def publish(self, base_url: str, resource: Resource[Any]) -> Resource[Any]:  # noqa: ARG002 - its signature
        """The storage made it for this answer alone, with all its addresses."""
        return resource

    def search_response(
        self,
        base_url: str,  # noqa: ARG002 - as above
        resource_types: list[ResourceType],  # noqa: ARG002
        page: SearchPage,
        search_request: SearchRequest[Any],
    ) -> ScimResponse:
        """Of resources that are written out already: `searching.WrittenPage`."""
        found = page.resources
        body = {"schemas": [_LIST], "totalResults": page.total, "itemsPerPage": len(found)}
        shown = {"startIndex": search_request.start_index} if search_request.start_index is not None else {}
        return ScimResponse(HTTPStatus.OK, {**body, **shown, **({"Resources": found} if found else {})})

    def read_search_body(self, resource_types: Any, body: bytes, content_type: str | None) -> Any:
        require_short(body.decode("utf-8", "replace"))
        return super().read_search_body(resource_types, body, content_type)

    def bulk_failure(self, outcome: dict[str, Any], exception: Exception) -> dict[str, Any]:
        """One operation of many. What nobody foresaw is told to the operator, as anywhere else."""
        if not isinstance(exception, SCIMException):
            log_fault(exception)
        return super().bulk_failure(outcome, exception) | {_THROWN: exception}


class _Handler(ScimHandler):
    holder: Holder

    def run_bulk_step(
        self, request: ScimRequest, plan: BulkPlan, step: BulkStep
    ) -> tuple[dict[str, Any], Resource[Any] | None]:
        result, resource = super().run_bulk_step(request, plan, step)
        error, operation = result.pop(_THROWN, None), plan.operation(step)
        if int(result["status"]) >= 400:
            method = str(operation.method.value) if operation.method else ""
            _note(self.holder, method, operation.path or "", int(result["status"]), error)
        return result, resource


def _note(holder: Holder, method: str, path: str, status: int, error: Exception | None) -> None:
    context: Mapping[str, Any] = getattr(error, "context", {})
    reason = str(error) if OUR_WORDS in context else ""
    head, _, identifier = path.strip("/").partition("/")
    act = _ACTS.get((head.lower(), method), Act.OTHER)
    note_refused(holder, act, _whom(holder, head.lower(), identifier), status=status, reason=reason)


def _whom(holder: Holder, head: str, identifier: str) -> str:
    """The reference of the person, or the id of the group, where it is one of the team."""
    if head == "users":
        found: Provisioned | None = rows_of(holder.team, Provisioned).filter(pk=identifier).first()
        return found.membership.user.ref if found else ""
    return identifier if head == "groups" and _is_group(holder, identifier) else ""


def _is_group(holder: Holder, identifier: str) -> bool:
    return rows_of(holder.team, Group).filter(pk=identifier).exists()
