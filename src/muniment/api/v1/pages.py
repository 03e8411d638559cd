"""Documents: listed, deleted, read anew; what a citation leads to; the file itself."""

from typing import Any, Literal

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from ninja import Query, Schema

from muniment.agents.selectors import agent
from muniment.api.authentication import KeyRequest
from muniment.api.errors import UnsupportedError
from muniment.api.numbers import agent_of, ref_of
from muniment.api.v1.door import Route, project
from muniment.api.v1.envelopes import paged, success
from muniment.api.v1.shapes import metadata_shape, page_shapes, project_shape
from muniment.core.errors import NotFoundError
from muniment.ingest import selectors
from muniment.ingest.services import delete_documents, retry_documents

_STATES = {
    "ok": selectors.DocumentState.LIVE,
    "queued": selectors.DocumentState.QUEUED,
    "failed": selectors.DocumentState.FAILED,
}
Status = Literal["all", "ok", "failed", "n/a", "queued", "limited"]


class Wanted(Schema):
    page: int = Query(1, ge=1)  # type: ignore[type-arg]
    limit: int = Query(20, ge=1, le=100)  # type: ignore[type-arg]
    order: Literal["asc", "desc"] = "desc"
    crawl_status: Status = "all"
    index_status: Status = "all"


def list_pages(request: KeyRequest, project_id: int, wanted: Query[Wanted]) -> HttpResponse:
    actor, found = request.actor, project(request, project_id)
    states = {one for one in (wanted.crawl_status, wanted.index_status) if one != "all"}
    asked = _STATES.get(states.pop()) if len(states) == 1 else None
    listed: Any = selectors.Documents(actor, found, selectors.totals(actor, found), asked)
    if states and asked is None:  # statuses that no document here can have together
        listed = []
    if wanted.order == "asc":
        listed = list(reversed(listed[:]))
    pages = paged(
        request, listed, page=wanted.page, rows=wanted.limit, shown=lambda some: page_shapes(actor, found, some)
    )
    return success({"project": project_shape(actor, found), "pages": pages})


def delete_page(request: KeyRequest, project_id: int, page_id: int) -> HttpResponse:
    found = project(request, project_id)
    document = _document(request, found, page_id)
    delete_documents(actor=request.actor, agent=found, documents=[document.id])
    return success({"deleted": True})


def reindex_page(request: KeyRequest, project_id: int, page_id: int) -> HttpResponse:
    """A document that failed is tried again. One that is live is read from its file: there is nothing newer to read."""
    found = project(request, project_id)
    document = _document(request, found, page_id)
    count = retry_documents(actor=request.actor, agent=found, documents=[document.id])
    return success({"updated": bool(count)})


def get_metadata(request: KeyRequest, project_id: int, page_id: int) -> HttpResponse:
    found = project(request, project_id)
    document = _document(request, found, page_id)
    return success(metadata_shape(found, document.id, document.name))


def update_metadata(request: KeyRequest, project_id: int, page_id: int) -> HttpResponse:
    """A document is shown under the name it was uploaded with."""
    _document(request, project(request, project_id), page_id)
    raise UnsupportedError("A document keeps the name of its file. Upload it again under another name.")


def get_citation(request: KeyRequest, project_id: int, citation_id: int) -> HttpResponse:
    """For whoever may ask the agent, with the name in stand-ins for a key that may not see names."""
    found = project(request, project_id)
    document = ref_of(citation_id)
    named = selectors.names(request.actor, found, {document})
    if document not in named:
        raise NotFoundError(f"Citation with id {citation_id} not found")
    return success(metadata_shape(found, document, named[document]))


def preview(request: KeyRequest, page_id: int) -> HttpResponseBase:
    """The file of a document, for who may see all that stands in it, where it is kept."""
    document, within = agent_of(page_id)
    pieces = selectors.original(request.actor, agent(request.actor, within), document)
    headers = {"Content-Disposition": "attachment"}
    return StreamingHttpResponse(pieces, content_type="application/octet-stream", headers=headers)


def _document(request: KeyRequest, agent: Any, number: int) -> selectors.Document:
    found = selectors.some_documents(request.actor, agent, [ref_of(number)])
    if not found:
        raise NotFoundError(f"Page with id {number} not found")
    return found[0]


ROUTES: tuple[Route, ...] = (
    ("GET", "/projects/{int:project_id}/pages", "pages", list_pages),
    ("DELETE", "/projects/{int:project_id}/pages/{int:page_id}", "delete_page", delete_page),
    ("POST", "/projects/{int:project_id}/pages/{int:page_id}/reindex", "reindex_page", reindex_page),
    ("GET", "/projects/{int:project_id}/pages/{int:page_id}/metadata", "metadata", get_metadata),
    ("PUT", "/projects/{int:project_id}/pages/{int:page_id}/metadata", "update_metadata", update_metadata),
    ("GET", "/projects/{int:project_id}/citations/{int:citation_id}", "citation", get_citation),
    ("GET", "/preview/{int:page_id}", "preview", preview),
)
