"""Our things in the shapes of this API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from muniment.api.numbers import number, numbers
from muniment.api.v1.envelopes import address, moment
from muniment.chat.selectors import ShownTurn, Talk
from muniment.chat.types import Sentence, as_text
from muniment.core.actors import Actor
from muniment.ingest.selectors import Document, DocumentState, totals, with_original

if TYPE_CHECKING:
    from muniment.agents.models import Agent

_STATUSES = {
    DocumentState.LIVE: "ok",
    DocumentState.QUEUED: "queued",
    DocumentState.FAILED: "failed",
    DocumentState.WAITING: "limited",
}
_REACTIONS = {"": "neutral", "helpful": "liked", "unhelpful": "disliked"}


def project_shape(actor: Actor, agent: "Agent", *, known_as: int | None = None) -> dict[str, Any]:
    """Nothing is public here, so what leads the public to an agent is null."""
    created = moment(agent.created_at)
    return {
        "id": known_as or number(agent.pk),
        "project_name": agent.name,
        "sitemap_path": "",
        "is_chat_active": totals(actor, agent).live > 0,
        "user_id": agent.owner_id or 0,
        "team_id": number(agent.team_id),
        "created_at": created,
        "updated_at": created,
        "deleted_at": None,
        "type": "URL",
        "is_shared": False,
        "shareable_slug": None,
        "shareable_link": None,
        "embed_code": None,
        "live_chat_code": None,
        "are_licenses_allowed": False,
        "subdomain_slug": None,
    }


def page_shapes(actor: Actor, agent: "Agent", some: Sequence[Document]) -> list[dict[str, Any]]:
    kept = with_original(actor, agent, some)
    known, project = numbers([one.id for one in some], within=agent.pk), number(agent.pk)
    return [_page(agent, one, known[one.id], project, is_kept=one.id in kept) for one in some]


def _page(agent: "Agent", document: Document, known_as: int, project: int, *, is_kept: bool) -> dict[str, Any]:
    url, status = address(f"{agent.url}/documents/{document.id}"), _STATUSES[document.state]
    return {
        "id": known_as,
        "page_url": url,
        "page_url_hash": sha256(url.encode()).hexdigest()[:32],
        "project_id": project,
        "s3_path": None,
        "crawl_status": status,
        "index_status": status,
        "is_file": True,
        "is_refreshable": False,
        "is_file_kept": is_kept and not document.original_erased,
        "filename": document.name,
        "filesize": document.size,
        "created_at": moment(datetime.fromisoformat(document.added_at)),
        "updated_at": moment(datetime.fromisoformat(document.indexed_at or document.added_at)),
        "deleted_at": None,
    }


def metadata_shape(agent: "Agent", document: str, name: str) -> dict[str, Any]:
    """Of a page, and of a citation: those of an answer are the pages it cites."""
    url = address(f"{agent.url}/documents/{document}")
    return {"id": number(document, within=agent.pk), "url": url, "title": name, "description": None, "image": None}


def conversation_shape(actor: Actor, talk: Talk, known: Mapping[str, int]) -> dict[str, Any]:
    return {
        "created_at": moment(talk.created_at),
        "updated_at": moment(talk.asked_at),
        "deleted_at": None,
        "id": known[talk.id],
        "name": talk.title,
        "project_id": known[talk.agent.pk],
        "created_by": actor.user or 0,
        "session_id": talk.id,
    }


def prompt_shape(actor: Actor, agent: "Agent", turn: ShownTurn, *, conversation: int, no_answer: str) -> dict[str, Any]:
    """Of who asks no address and no program is kept."""
    cited = list(dict.fromkeys(one.document for one in turn.citations)) if not turn.refused else []
    known = numbers([turn.id, *cited], within=agent.pk)
    asked = moment(turn.asked_at)
    return {
        "id": known[turn.id],
        "user_id": actor.user or 0,
        "user_query": turn.question,
        "openai_response": answer_text(turn, no_answer=no_answer),
        "created_at": asked,
        "updated_at": asked,
        "conversation_id": conversation,
        "citations": [known[one] for one in cited],
        "metadata": {"user_ip": "", "user_agent": "", "external_id": None, "request_source": "api"},
        "response_feedback": {
            "created_at": asked,
            "updated_at": asked,
            "user_id": actor.user,
            "reaction": _REACTIONS[turn.feedback.value],
        },
    }


def answer_text(turn: ShownTurn, *, no_answer: str) -> str:
    if turn.refused:
        return no_answer
    return as_text(Sentence(one.text, (), one.paragraph) for one in turn.sentences if one.text is not None)
