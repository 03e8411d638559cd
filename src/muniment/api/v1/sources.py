"""Where documents come from: uploads alone, for websites are not read yet. Each agent has one source of uploads."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import File, Form, Schema
from ninja.files import UploadedFile

from muniment.api.authentication import KeyRequest
from muniment.api.errors import UnsupportedError
from muniment.api.numbers import number, ref_of
from muniment.api.v1.door import WEBSITES, Route, project
from muniment.api.v1.envelopes import moment, success
from muniment.api.v1.shapes import page_shapes
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError
from muniment.ingest.selectors import Document, documents, some_documents
from muniment.ingest.services import add_document, delete_documents

if TYPE_CHECKING:
    from muniment.agents.models import Agent

_UPLOADS = {
    "executive_js": False,
    "data_refresh_frequency": "never",
    "create_new_pages": False,
    "remove_unexist_pages": False,
    "refresh_existing_pages": "never",
    "sitemap_path": "",
}


class NewSource(Schema):
    """What is passed over: see `projects.NewProject`."""

    sitemap_path: str = ""
    file_data_retension: bool = True


def list_sources(request: KeyRequest, project_id: int) -> HttpResponse:
    actor, found = request.actor, project(request, project_id)
    return success({"sitemaps": [], "uploads": _uploads(actor, found, documents(actor, found))})


def create_source(
    request: KeyRequest,
    project_id: int,
    given: Form[NewSource],
    file: File[UploadedFile | None] = None,
) -> HttpResponse:
    """A file; `pages` of the answer is what became of it."""
    actor, found = request.actor, project(request, project_id)
    if given.sitemap_path or file is None:
        raise UnsupportedError(WEBSITES)
    added = add_document(
        actor=actor,
        agent=found,
        name=file.name or "",
        source=file.chunks(),
        delete_original=not given.file_data_retension,
    )
    shown = _uploads(actor, found, some_documents(actor, found, [added.document]))
    return success(shown, status=HTTPStatus.CREATED)


def update_source(request: KeyRequest, project_id: int, source_id: int) -> HttpResponse:
    """Uploads come when somebody uploads: there is nothing to set."""
    _source(request, project_id, source_id)
    raise UnsupportedError(WEBSITES)


def delete_source(request: KeyRequest, project_id: int, source_id: int) -> HttpResponse:
    """Every document of the agent."""
    actor, found = request.actor, _source(request, project_id, source_id)
    delete_documents(actor=actor, agent=found, documents=[one.id for one in documents(actor, found)])
    return success({"deleted": True})


def sync_source(request: KeyRequest, project_id: int, source_id: int) -> HttpResponse:
    _source(request, project_id, source_id)
    raise UnsupportedError(WEBSITES)


def _source(request: KeyRequest, project_number: int, source: int) -> "Agent":
    """The source of uploads has the silo's id for its own."""
    found = project(request, project_number)
    if ref_of(source) != found.silo:
        raise NotFoundError(f"Agent source with id {source} not found")
    return found


def _uploads(actor: Actor, agent: "Agent", some: list[Document]) -> dict[str, Any]:
    created = moment(agent.created_at)
    return {
        "id": number(agent.silo, within=agent.pk),
        "created_at": created,
        "updated_at": created,
        "type": "upload",
        "settings": _UPLOADS,
        "pages": page_shapes(actor, agent, some),
    }


ROUTES: tuple[Route, ...] = (
    ("GET", "/projects/{int:project_id}/sources", "sources", list_sources),
    ("POST", "/projects/{int:project_id}/sources", "create_source", create_source),
    ("PUT", "/projects/{int:project_id}/sources/{int:source_id}", "update_source", update_source),
    ("DELETE", "/projects/{int:project_id}/sources/{int:source_id}", "delete_source", delete_source),
    ("PUT", "/projects/{int:project_id}/sources/{int:source_id}/instant-sync", "sync_source", sync_source),
)
