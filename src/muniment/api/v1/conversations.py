"""Conversations and what is said in them. Those of the key's person, or of the key itself where it is the team's."""

from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpResponse, HttpResponseBase
from ninja import Query, Schema

from muniment.agents.selectors import may
from muniment.api.authentication import KeyRequest
from muniment.api.numbers import number, numbers, ref_of
from muniment.api.openai.routes import completed
from muniment.api.openai.schemas import CompletionRequest
from muniment.api.streaming import Growing, asked, event_stream
from muniment.api.v1.door import Route, project
from muniment.api.v1.envelopes import paged, success
from muniment.api.v1.shapes import conversation_shape, prompt_shape
from muniment.chat import selectors, services
from muniment.chat.types import AskEvent, Feedback, as_text
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.core.relay import event
from muniment.credits.selectors import check_queries_left

if TYPE_CHECKING:
    from muniment.agents.models import Agent

ROWS = 10
_VERDICTS = {"neutral": "", "liked": "helpful", "disliked": "unhelpful"}


class Wanted(Schema):
    """`user_filter`: no key reads what others asked, so `anonymous` and `team_member` find nothing."""

    page: int = Query(1, ge=1)  # type: ignore[type-arg]
    order: Literal["asc", "desc"] = "desc"
    order_by: Literal["id", "created_at"] = Query("id", alias="orderBy")  # type: ignore[type-arg]
    user_filter: Literal["all", "anonymous", "team_member", "me"] = Query("all", alias="userFilter")  # type: ignore[type-arg]
    name: str = ""


class Named(Schema):
    name: str = ""


class Prompt(Schema):
    """An agent answers from its own documents, by its own model: `chatbot_model`, `custom_persona` and
    `response_source` are passed over.
    """

    prompt: str = ""


class Reaction(Schema):
    reaction: Literal["neutral", "disliked", "liked"]


class Messages(Schema):
    page: int = Query(1, ge=1)  # type: ignore[type-arg]
    order: Literal["asc", "desc"] = "desc"


def list_conversations(request: KeyRequest, project_id: int, wanted: Query[Wanted]) -> HttpResponse:
    actor, found = request.actor, project(request, project_id)
    if not may(actor, Permission.CONVERSATION_CREATE, found):
        raise PermissionDeniedError("This key may not ask this agent. Take one that may.")
    listed: Any = selectors.OwnTalks(actor, found)
    if wanted.user_filter in {"anonymous", "team_member"}:
        listed = []
    elif wanted.name or wanted.order == "asc":
        words = wanted.name.casefold()
        listed = [one for one in selectors.conversations(actor, found) if words in one.title.casefold()]
        listed.sort(key=lambda one: one.created_at, reverse=wanted.order == "desc")

    def shown(some: list[selectors.Talk]) -> list[dict[str, Any]]:
        known = numbers([one.id for one in some], within=found.pk) | {found.pk: number(found.pk)}
        return [conversation_shape(actor, one, known) for one in some]

    return success(paged(request, listed, page=wanted.page, rows=ROWS, shown=shown))


def create_conversation(request: KeyRequest, project_id: int, given: Named) -> HttpResponse:
    actor, found = request.actor, project(request, project_id)
    made = services.start_conversation(actor=actor, agent=found, title=given.name or "Conversation")
    return success(_shown(request, found, made), status=HTTPStatus.CREATED)


def update_conversation(request: KeyRequest, project_id: int, session_id: str, given: Named) -> HttpResponse:
    actor, found = request.actor, project(request, project_id)
    services.rename_conversation(actor=actor, agent=found, conversation=session_id, title=given.name)
    return success(_shown(request, found, session_id))


def delete_conversation(request: KeyRequest, project_id: int, session_id: str) -> HttpResponse:
    services.delete_conversation(actor=request.actor, agent=project(request, project_id), conversation=session_id)
    return success({"deleted": True})


def list_messages(request: KeyRequest, project_id: int, session_id: str, wanted: Query[Messages]) -> HttpResponse:
    actor, found = request.actor, project(request, project_id)
    turns = list(selectors.conversation(actor, found, session_id).turns)
    if wanted.order == "desc":
        turns.reverse()
    shown = _prompts(request, found, session_id)
    messages = paged(request, turns, page=wanted.page, rows=ROWS, shown=lambda some: [shown(one) for one in some])
    return success({"conversation": _shown(request, found, session_id), "messages": messages})


def send_message(
    request: KeyRequest,
    project_id: int,
    session_id: str,
    given: Prompt,
    stream: bool = False,
) -> HttpResponseBase:
    """The answer, whole; or with `stream` as events: `progress` with each piece of text, and `finish` with what the
    whole answer is otherwise.
    """
    actor, found = request.actor, project(request, project_id)
    selectors.own(actor, found, session_id)  # while a status can still say that it is not there
    asking = partial(asked, request.token, found, given.prompt, session_id)
    if not stream:
        heard = Growing()
        with services.answers.held(actor.ref):
            for one in asking(lambda: False):
                heard.hear(one)
        heard.require_answer()
        turn = selectors.turn(actor, found, heard.message)
        return success(_prompts(request, found, session_id)(turn))
    check_queries_left(found.team_id)
    return event_stream(
        lambda left: _streamed(request, found, session_id, asking(left)), person=actor.ref, failed=_failed
    )


def get_message(request: KeyRequest, project_id: int, session_id: str, prompt_id: int) -> HttpResponse:
    found = project(request, project_id)
    return success(_prompts(request, found, session_id)(_turn(request, found, session_id, prompt_id)))


def give_feedback(
    request: KeyRequest,
    project_id: int,
    session_id: str,
    prompt_id: int,
    given: Reaction,
) -> HttpResponse:
    found = project(request, project_id)
    turn = _turn(request, found, session_id, prompt_id)
    verdict = Feedback(_VERDICTS[given.reaction])
    services.rate_message(actor=request.actor, agent=found, message=turn.id, verdict=verdict)
    return success(_prompts(request, found, session_id)(_turn(request, found, session_id, prompt_id)))


def complete(request: KeyRequest, project_id: int, body: CompletionRequest) -> HttpResponseBase:
    """As `POST /v1/chat/completions`, of this agent."""
    return completed(request, project(request, project_id), body)


def _streamed(request: KeyRequest, agent: "Agent", conversation: str, events: Iterator[AskEvent]) -> Iterator[bytes]:
    growing = Growing()
    yield event({"status": "start", "message": ""})
    for heard in events:
        growing.hear(heard)
        if more := growing.grown(as_text(said.sentence for said in growing.said)):
            yield event({"status": "progress", "message": more})
    growing.require_answer()
    turn = selectors.turn(request.actor, agent, growing.message)
    told = _prompts(request, agent, conversation)(turn)
    if not growing.sent:
        yield event({"status": "progress", "message": told["openai_response"]})
    yield event({"status": "finish"} | told)


def _failed(status: HTTPStatus, sentence: str) -> dict[str, Any]:
    return {"status": "error", "code": status.value, "message": sentence}


def _shown(request: KeyRequest, agent: "Agent", conversation: str) -> dict[str, Any]:
    talk = selectors.talk(request.actor, agent, conversation)
    known = {talk.id: number(talk.id, within=agent.pk), agent.pk: number(agent.pk)}
    return conversation_shape(request.actor, talk, known)


def _prompts(request: KeyRequest, agent: "Agent", conversation: str) -> Callable[[selectors.ShownTurn], dict[str, Any]]:
    refusal = selectors.no_answer(request.actor, agent)
    known = number(conversation, within=agent.pk)
    return lambda turn: prompt_shape(request.actor, agent, turn, conversation=known, no_answer=refusal)


def _turn(request: KeyRequest, agent: "Agent", conversation: str, known_as: int) -> selectors.ShownTurn:
    found = selectors.turn(request.actor, agent, ref_of(known_as))
    if found.conversation != conversation:
        raise NotFoundError(f"Conversation message with id {known_as} not found")
    return found


ROUTES: tuple[Route, ...] = (
    ("GET", "/projects/{int:project_id}/conversations", "conversations", list_conversations),
    ("POST", "/projects/{int:project_id}/conversations", "create_conversation", create_conversation),
    ("PUT", "/projects/{int:project_id}/conversations/{session_id}", "update_conversation", update_conversation),
    ("DELETE", "/projects/{int:project_id}/conversations/{session_id}", "delete_conversation", delete_conversation),
    ("GET", "/projects/{int:project_id}/conversations/{session_id}/messages", "messages", list_messages),
    ("POST", "/projects/{int:project_id}/conversations/{session_id}/messages", "send_message", send_message),
    ("GET", "/projects/{int:project_id}/conversations/{session_id}/messages/{int:prompt_id}", "message", get_message),
    (
        "PUT",
        "/projects/{int:project_id}/conversations/{session_id}/messages/{int:prompt_id}/feedback",
        "feedback",
        give_feedback,
    ),
    ("POST", "/projects/{int:project_id}/chat/completions", "completions", complete),
)
