"""Agents: listed, made, changed, copied, deleted; how much they hold; their settings."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpResponse
from ninja import File, Form, Query, Schema
from ninja.files import UploadedFile

from muniment.agents.selectors import agents, masking_rules, may, reads_along
from muniment.agents.services import create_agent, delete_agent, open_silo, update_agent
from muniment.agents.types import AtOnce
from muniment.api.authentication import KeyRequest
from muniment.api.errors import UnsupportedError
from muniment.api.numbers import numbers
from muniment.api.v1.door import WEBSITES, Route, project
from muniment.api.v1.envelopes import paged, success
from muniment.api.v1.settings import changes_of, settings_shape
from muniment.api.v1.shapes import project_shape
from muniment.chat.selectors import questions_asked
from muniment.core.errors import PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.credits.selectors import use_of
from muniment.ingest.selectors import documents, file_to_copy, totals, with_original
from muniment.ingest.services import add_document, change_masking, change_reading
from muniment.llm.selectors import providers
from muniment.llm.types import LOCAL

if TYPE_CHECKING:
    from muniment.agents.models import Agent
    from muniment.core.actors import Actor

ROWS = 10
_COPIES = (
    Permission.NAME_VIEW,
    Permission.CONVERSATION_CREATE,
    Permission.DOCUMENT_CREATE,
    Permission.AGENT_UPDATE,
)
_ORDERS = {"asc": "", "desc": "-"}


class NewProject(Schema):
    """`is_ocr_enabled` is passed over: pictures are read wherever that is installed. So is `is_anonymized`: personal
    data is masked in every agent until its owner says otherwise, on the page Masking.
    """

    project_name: str = ""
    sitemap_path: str = ""
    file_data_retension: bool = True


class ChangedProject(Schema):
    project_name: str | None = None
    sitemap_path: str = ""
    file_data_retension: bool = True
    is_shared: bool = False


class Wanted(Schema):
    page: int = Query(1, ge=1)  # type: ignore[type-arg]
    order: Literal["asc", "desc"] = "desc"
    order_by: Literal["id", "created_at"] = Query("id", alias="orderBy")  # type: ignore[type-arg]
    name: str = ""


def list_projects(request: KeyRequest, wanted: Query[Wanted]) -> HttpResponse:
    """Ordered by when they were made, whichever order is asked for: ids tell nothing."""
    actor, sign = request.actor, _ORDERS[wanted.order]
    found = agents(actor).filter(name__icontains=wanted.name).order_by(f"{sign}created_at", f"{sign}pk")

    def shown(some: "list[Agent]") -> list[dict[str, Any]]:
        known = numbers([one.pk for one in some])
        return [project_shape(actor, one, known_as=known[one.pk]) for one in some]

    return success(paged(request, found, page=wanted.page, rows=ROWS, shown=shown))  # type: ignore[arg-type]


def create_project(
    request: KeyRequest, given: Form[NewProject], file: File[UploadedFile | None] = None
) -> HttpResponse:
    _refuse_websites(given.sitemap_path)
    made = create_agent(
        actor=request.actor, name=given.project_name, deletes=AtOnce(originals=not given.file_data_retension)
    )
    if file is not None:
        add_document(actor=request.actor, agent=made, name=file.name or "", source=file.chunks())
    return success(project_shape(request.actor, made), status=HTTPStatus.CREATED)


def get_project(request: KeyRequest, project_id: int) -> HttpResponse:
    return success(project_shape(request.actor, project(request, project_id)))


def update_project(
    request: KeyRequest,
    project_id: int,
    given: Form[ChangedProject],
    file: File[UploadedFile | None] = None,
) -> HttpResponse:
    found = project(request, project_id)
    _refuse_websites(given.sitemap_path)
    if given.is_shared:
        raise UnsupportedError("Agents are not made public yet. Share them with members of your team, or by a key.")
    changes = {} if given.project_name is None else {"name": given.project_name}
    if changes or file is None:  # who changes nothing is asked for the permission, too
        found = update_agent(actor=request.actor, agent=found, **changes)
    if file is not None:
        deletes = not given.file_data_retension
        add_document(
            actor=request.actor, agent=found, name=file.name or "", source=file.chunks(), delete_original=deletes
        )
    return success(project_shape(request.actor, found))


def delete_project(request: KeyRequest, project_id: int) -> HttpResponse:
    """Its key is destroyed before this answers; `receipt` is the id of the act in the log."""
    receipt = delete_agent(actor=request.actor, agent=project(request, project_id))
    return success({"deleted": True}, receipt=receipt)


def replicate_project(request: KeyRequest, project_id: int) -> HttpResponse:
    """A new agent with the settings, the rules of masking and the kept files of this one. Files that were deleted after
    reading cannot be copied: `not_copied` says how many.
    """
    actor, found = request.actor, project(request, project_id)
    every = documents(actor, found)
    if not all(may(actor, one, found) for one in _COPIES):  # before anything is made that would be half a copy
        raise PermissionDeniedError("An agent is copied by a key that may see its files, and upload and change it.")
    kept = with_original(actor, found, every)
    made = _copied(actor, found)
    for one in every:
        if one.id in kept:
            add_document(actor=actor, agent=made, name=one.name, source=file_to_copy(actor, found, one.id))
    shown = project_shape(actor, made)
    return success(shown, status=HTTPStatus.CREATED, not_copied=len(every) - len(kept))


def stats(request: KeyRequest, project_id: int) -> HttpResponse:
    actor, found = request.actor, project(request, project_id)
    if not may(actor, Permission.DOCUMENT_VIEW, found):
        raise PermissionDeniedError("This key may not see what this agent holds. Take one that may.")
    held, asked, use = totals(actor, found), questions_asked(actor, found), use_of(found.team_id, found.silo)
    return success(
        {
            "pages_found": held.all,
            "pages_crawled": held.live + held.failed + held.waiting,
            "pages_indexed": held.live,
            "crawl_credits_used": held.all,
            "query_credits_used": use.queries,
            "total_queries": asked,
            "total_words_indexed": use.words,
            "total_storage_credits_used": use.words,
        }
    )


def get_settings(request: KeyRequest, project_id: int) -> HttpResponse:
    return success(settings_shape(request.actor, project(request, project_id)))


def update_settings(request: KeyRequest, project_id: int) -> HttpResponse:
    """`passed_over` names what was sent and has no place here."""
    found = project(request, project_id)
    changes, passed_over = changes_of(request.POST.dict(), list(request.FILES))
    update_agent(actor=request.actor, agent=found, **changes)
    return success({"updated": True}, passed_over=passed_over)


def _copied(actor: "Actor", agent: "Agent") -> "Agent":
    made = create_agent(
        actor=actor,
        name=f"{agent.name} (copy)"[:100],
        instructions=agent.instructions,
        deletes=AtOnce(agent.delete_originals, agent.ephemeral),
        personal=agent.personal and agent.owner_id == actor.user,
    )
    same = {name: getattr(agent, name) for name in ("no_answer", "length", "retention_days")}
    is_there = agent.provider == LOCAL or providers(actor).filter(pk=agent.provider).exists()
    update_agent(actor=actor, agent=made, provider=agent.provider if is_there else "", **same)
    # Before any file comes in: a copy that masked less would show what the first was told to hide.
    silo = open_silo(actor=actor, agent=agent, permission=Permission.AGENT_UPDATE)
    change_masking(actor=actor, agent=made, rules=masking_rules(actor, agent, silo))
    change_reading(actor=actor, agent=made, along=reads_along(actor, agent))
    return made


def _refuse_websites(path: str) -> None:
    if path:
        raise UnsupportedError(WEBSITES)


ROUTES: tuple[Route, ...] = (
    ("GET", "/projects", "projects", list_projects),
    ("POST", "/projects", "create_project", create_project),
    ("GET", "/projects/{int:project_id}", "project", get_project),
    ("POST", "/projects/{int:project_id}", "update_project", update_project),
    ("DELETE", "/projects/{int:project_id}", "delete_project", delete_project),
    ("POST", "/projects/{int:project_id}/replicate", "replicate_project", replicate_project),
    ("GET", "/projects/{int:project_id}/stats", "stats", stats),
    ("GET", "/projects/{int:project_id}/settings", "settings", get_settings),
    ("POST", "/projects/{int:project_id}/settings", "update_settings", update_settings),
)
