"""`/api/muniment/`: agents, their documents, what became of the files, and the receipts that prove it."""

import json
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import NinjaAPI, Query, Status

from muniment.agents.selectors import agent as find_agent
from muniment.agents.selectors import agents, deletes
from muniment.api.authentication import ByKey, KeyRequest
from muniment.api.own.schemas import Added, Agent, Agents, Credits, Deleted, Document, Documents, File
from muniment.api.paging import page_of
from muniment.api.problems import problem_form, refuse_in_words
from muniment.audit.selectors import provable_act
from muniment.audit.services import checkpoint_now, make_receipt
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError
from muniment.credits.selectors import team_use
from muniment.credits.types import Use
from muniment.ingest import selectors
from muniment.ingest.forms import streamed_body
from muniment.ingest.services import add_document, delete_documents

if TYPE_CHECKING:
    from muniment.agents.models import Agent as AgentRow

ROWS = 50
api = NinjaAPI(title="Muniment", version="1", urls_namespace="own", auth=ByKey(), docs_url=None, openapi_url=None)
refuse_in_words(api, problem_form)


@api.get("/agents", response=Agents, url_name="agents")
def list_agents(request: KeyRequest, page: int = Query(1, ge=1)) -> dict[str, Any]:  # type: ignore[type-arg]
    """The agents the key reaches, by name."""
    actor = request.actor
    return _paged(agents(actor).order_by("name", "pk"), page, lambda some: [_agent(actor, one) for one in some])


@api.get("/agents/{agent}", response=Agent, url_name="agent")
def show_agent(request: KeyRequest, agent: str) -> dict[str, Any]:
    return _agent(request.actor, find_agent(request.actor, agent))


@api.get("/agents/{agent}/documents", response=Documents, url_name="documents")
def list_documents(
    request: KeyRequest,
    agent: str,
    state: selectors.DocumentState | None = None,
    page: int = Query(1, ge=1),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """The documents of an agent, or those in one state, newest first."""
    actor, found = request.actor, find_agent(request.actor, agent)
    listed = selectors.Documents(actor, found, selectors.totals(actor, found), state)
    return _paged(listed, page, lambda some: _documents(actor, found, some))


@api.post("/agents/{agent}/documents", response={201: Added, 200: Added}, url_name="add_document")
def upload_document(
    request: KeyRequest, agent: str, name: str, delete_original: bool = False
) -> "Status[dict[str, Any]]":
    """The body is the file itself, whatever its type; `name` is what it is called. 201, or 200 where the same bytes
    were there already. `delete_original`: the file is deleted as soon as it was read, or cannot be, with a receipt; its
    text stays.
    """
    found = find_agent(request.actor, agent)
    added = add_document(
        actor=request.actor, agent=found, name=name, source=streamed_body(request), delete_original=delete_original
    )
    content = {"document": added.document, "name": added.name, "duplicate": added.duplicate}
    return Status(HTTPStatus.OK if added.duplicate else HTTPStatus.CREATED, content)


@api.get("/agents/{agent}/documents/{document}", response=Document, url_name="document")
def show_document(request: KeyRequest, agent: str, document: str) -> dict[str, Any]:
    found = find_agent(request.actor, agent)
    return _documents(request.actor, found, [_one(request.actor, found, document)])[0]


@api.delete("/agents/{agent}/documents/{document}", response=Deleted, url_name="delete_document")
def delete_document(request: KeyRequest, agent: str, document: str) -> dict[str, Any]:
    """Its keys are destroyed before this answers; the receipt is in the answer."""
    actor, found = request.actor, find_agent(request.actor, agent)
    count = delete_documents(actor=actor, agent=found, documents=[document])
    if not count:
        raise NotFoundError("There is no such document.")
    checkpoint_now()  # a receipt shows the act in the signed log
    events = selectors.proofs_of_erasure(actor, [document])
    return {"deleted": count, "receipts": [json.loads(make_receipt(event)) for event in events]}


@api.get("/agents/{agent}/documents/{document}/receipt", url_name="receipt")
def show_receipt(request: KeyRequest, agent: str, document: str) -> HttpResponse:
    """The proof that the file of this document was deleted, for who uploaded it and for who may read the log; as
    `muniment verify-receipt` reads it.
    """
    event = _one(request.actor, find_agent(request.actor, agent), document).original_erased
    if not event:
        raise NotFoundError("The file of this document was not deleted, so there is no receipt of it.")
    try:
        provable_act(request.actor, event)
    except NotFoundError:  # perhaps it is not in the log yet: a worker orders what waits about once a second
        checkpoint_now()
        provable_act(request.actor, event)
    return HttpResponse(make_receipt(event) + "\n", content_type="application/json")


@api.get("/credits", response=Credits, url_name="credits")
def show_credits(request: KeyRequest) -> dict[str, Any]:
    """What the team uses of its limits, by agent: words stored, and questions answered in this month."""
    use, actor = team_use(request.actor), request.actor
    by_agent = [(one.pk, use.by_silo.get(one.silo, Use())) for one in agents(actor).order_by("name", "pk")]
    return {
        "month": use.month,
        "turns_at": use.turns,
        "words": {"used": use.words.used, "limit": use.words.limit},
        "queries": {"used": use.queries.used, "limit": use.queries.limit},
        "waiting": use.waiting,
        "agents": [
            {"id": pk, "words": one.words, "queries": one.queries, "waiting": one.waiting} for pk, one in by_agent
        ],
    }


def _one(actor: Actor, agent: "AgentRow", document: str) -> selectors.Document:
    found = selectors.some_documents(actor, agent, [document])
    if not found:
        raise NotFoundError("There is no such document.")
    return found[0]


def _paged(found: Any, page: int, shown: Any) -> dict[str, Any]:
    here, paginator = page_of(found, page, rows=ROWS)
    some = list(here.object_list) if here else []
    return {"items": shown(some), "page": page, "pages": paginator.num_pages, "total": paginator.count}


def _agent(actor: Actor, agent: "AgentRow") -> dict[str, Any]:
    held, at_once = selectors.totals(actor, agent), deletes(actor, agent)
    return {
        "id": agent.pk,
        "name": agent.name,
        "created_at": agent.created_at,
        "documents": held.all,
        "live": held.live,
        "deletes_originals": at_once.originals,
        "keeps_conversations": not at_once.conversations,
    }


def _documents(actor: Actor, agent: "AgentRow", some: list[selectors.Document]) -> list[dict[str, Any]]:
    kept = selectors.with_original(actor, agent, some)
    return [
        {
            "id": one.id,
            "name": one.name,
            "state": one.state.value,
            "error": one.error,
            "size": one.size,
            "media_type": one.media_type,
            "language": one.language,
            "pages": one.pages,
            "words": one.words,
            "masked": one.masked,
            "flagged": one.is_flagged,
            "added_at": datetime.fromisoformat(one.added_at),
            "file": _file(one, kept),
            "receipt": f"/api/muniment/agents/{agent.pk}/documents/{one.id}/receipt" if one.original_erased else None,
        }
        for one in some
    ]


def _file(document: selectors.Document, kept: set[str]) -> File:
    if document.id not in kept or document.original_erased:
        return "deleted"
    return "to be deleted" if document.delete_original and document.state is selectors.DocumentState.QUEUED else "kept"
