"""The doors to asking, to conversations, and to the documents behind an answer."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from muniment.chat import services
from muniment.chat.addresses import pages_of, talk_address
from muniment.chat.answer_stream import stream
from muniment.chat.errors import CarriedError, KeepingChangedError, QuestionError, TitleError
from muniment.chat.outside import around, as_of_now
from muniment.chat.pages import VERDICTS, talk_rows, talks_by_day, turn_entry
from muniment.chat.selectors import (
    OwnTalks,
    ShownConversation,
    ShownTurn,
    carried_turns,
    conversation,
    has_conversations,
    no_answer,
    own,
)
from muniment.chat.selectors import conversations as own_conversations
from muniment.chat.types import AskEvent, Finished, Started
from muniment.chat.viewer import Asked, viewer_context
from muniment.core.actors import ActorKind
from muniment.core.errors import MunimentError
from muniment.core.requests import ActorRequest
from muniment.core.searches import Searches
from muniment.core.turns import Turns
from muniment.core.wording import in_words
from muniment.credits.errors import QueriesSpentError
from muniment.ingest.selectors import SCALE, names, page_picture

if TYPE_CHECKING:
    from muniment.agents.models import Agent

TALKS = 50  # beside the conversation; all of them are on /conversations
ROWS = 30
_searches = Searches("searches", "/conversations")
# A document of 50 million characters takes a few hundred MB while it is open, a slow page a child of the sandbox.
_views = Turns("view", places=4, each=2)
_views_outside = Turns("outside_view", places=2, each=1)
_FEEDBACK = {word: verdict for verdict, word in VERDICTS.items()}


@require_safe
def start(request: ActorRequest, agent: "Agent") -> HttpResponse:
    return _ask_page(request, agent, None)


@require_safe
def resume(request: ActorRequest, agent: "Agent", conversation: str) -> HttpResponse:
    return _ask_page(request, agent, conversation, edit=request.GET.get("edit", ""))


@require_POST
def ask(request: ActorRequest, agent: "Agent") -> HttpResponseBase:
    """An answer as server-sent events for the page's script, else whole, by a redirect to its conversation.

    A conversation that nobody stores has no address: the page of its answer is the answer to the form.
    """
    given = request.POST
    if (carries := given.get("carries")) is not None:
        return _ask_unkept(request, agent, carries)
    inside = given.get("conversation") or None
    if inside is not None:
        own(request.actor, agent, inside)  # while a status can still say that it is not there
    asking = partial(
        _asked,
        request,
        agent=agent,
        question=given.get("question") or given.get("suggestion") or "",
        conversation=inside,
        replaces=given.get("replaces") or None,
        quoting=bool(given.get("quoting")),
    )
    if request.headers.get("Accept") == "text/event-stream":
        return _streamed(request, agent, asking)
    try:
        with services.turns_of(request.actor).held(request.actor.ref):
            events = list(asking())
    except (QuestionError, QueriesSpentError) as error:
        return _ask_page(request, agent, inside, trouble=error, typed=asking.keywords["question"])
    started = next(event for event in events if isinstance(event, Started))
    if not started.conversation:  # since that page was loaded the agent keeps none
        return _unkept_page(request, agent, _last_carried(events))
    return redirect(f"{_talk(request, agent, started.conversation)}#turn-{started.message}")


def _ask_unkept(request: ActorRequest, agent: "Agent", carries: str) -> HttpResponseBase:
    """`again`, `quotes`, `edit`: a carried message whose question is asked once more, answered with quotes instead of
    what a model writes, or put into the box.
    """
    given = request.POST
    question, replaces = given.get("question") or given.get("suggestion") or "", given.get("replaces") or None
    quoting = bool(given.get("quoting") or given.get("quotes"))
    asking = partial(_asked, request, agent=agent, carries=carries, quoting=quoting)
    asking = partial(asking, question=question, replaces=replaces)
    if request.headers.get("Accept") == "text/event-stream":
        return _streamed(request, agent, asking)
    try:
        if (edit := given.get("edit")) is not None:  # empty: never mind
            return _unkept_page(request, agent, carries, edit=edit)
        if again := given.get("again") or given.get("quotes"):
            turns = {turn.id: turn for turn in carried_turns(request.actor, agent, carries)}
            if again in turns:
                asking = partial(asking, question=turns[again].question, replaces=again)
        with services.turns_of(request.actor).held(request.actor.ref):
            events = list(asking())
        return _unkept_page(request, agent, _last_carried(events))
    except (QuestionError, QueriesSpentError) as error:
        return _unkept_page(request, agent, carries, trouble=error, typed=question)
    except (CarriedError, KeepingChangedError) as error:
        return _unkept_page(request, agent, "", trouble=error, typed=question)


def _last_carried(events: Iterable[AskEvent]) -> str:
    return next((event.carried for event in events if isinstance(event, Finished)), None) or ""


def _asked(request: ActorRequest, *, agent: "Agent", **asking: Any) -> Iterator[AskEvent]:
    """When its turn has come. Attack stopped: who was taken out of the team, or signed out of the chat, while waiting
    would still be answered.
    """
    yield from services.ask(actor=as_of_now(request, agent), agent=agent, **asking)


def _streamed(
    request: ActorRequest, agent: "Agent", asking: Callable[..., Iterator[AskEvent]]
) -> StreamingHttpResponse:
    content = stream(
        lambda left: asking(stopped=left),
        turns=services.turns_of(request.actor),
        person=request.actor.ref,
        pages=pages_of(request.actor, agent),
        no_answer=no_answer(request.actor, agent),
        names=partial(names, request.actor, agent),
    )
    # nginx and its kin would hold events back until their buffer is full.
    headers = {"X-Accel-Buffering": "no"}
    return StreamingHttpResponse(content, content_type="text/event-stream; charset=utf-8", headers=headers)


@require_POST
def delete_all(request: ActorRequest, agent: "Agent") -> HttpResponse:
    count = services.delete_conversations(actor=request.actor, agent=agent)
    text = ngettext(
        "%(count)s conversation deleted. Its key is destroyed.",
        "%(count)s conversations deleted. Their keys are destroyed.",
        count,
    )
    messages.success(request, text % {"count": count})
    return redirect("agents:safety", agent=agent.id)


@require_POST
def feedback(request: ActorRequest, agent: "Agent") -> HttpResponse:
    """A thumb, its taking back (an empty verdict), or a comment."""
    message = request.POST.get("message", "")
    where = services.rate_message(
        actor=request.actor,
        agent=agent,
        message=message,
        verdict=_FEEDBACK.get(request.POST.get("verdict", "none")),
        comment=request.POST.get("comment"),
    )
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({})
    return redirect(f"{_talk(request, agent, where)}#turn-{message}")


@require_POST
def rename(request: ActorRequest, agent: "Agent", conversation: str) -> HttpResponse:
    title = request.POST.get("title", "")
    try:
        services.rename_conversation(actor=request.actor, agent=agent, conversation=conversation, title=title)
    except TitleError as error:
        messages.error(request, in_words(error))
    else:
        messages.success(request, _("Renamed."))
    return _back_to_list(request)


@require_POST
def delete(request: ActorRequest, agent: "Agent", conversation: str) -> HttpResponse:
    services.delete_conversation(actor=request.actor, agent=agent, conversation=conversation)
    messages.success(request, _("Deleted. The key of the conversation was destroyed; nobody can read it again."))
    return _back_to_list(request)


@require_http_methods(["GET", "HEAD", "POST"])
def conversations(request: ActorRequest) -> HttpResponse:
    if request.method == "POST":
        return redirect(_searches.keep(request))
    search, q = _searches.words(request)
    found: Any = own_conversations(request.actor, search=q) if q else OwnTalks(request.actor)
    page: Any = Paginator(found, ROWS).get_page(request.GET.get("page"))
    page.object_list = list(talk_rows(page.object_list))
    return render(
        request,
        "chat/conversations.html",
        {
            "talks": page,
            "q": q,
            "search": search,
            "any": has_conversations(request.actor),
            "crumbs": [{"label": _("Conversations"), "url": "/conversations"}],
        },
    )


@require_safe
def viewer(request: ActorRequest, agent: "Agent", document: str) -> HttpResponse:
    asked = Asked(**{name: request.GET.get(name, "") for name in ("at", "answer", "page", "zoom")})
    views = _views_outside if request.actor.kind is ActorKind.OUTSIDER else _views
    with views.held(request.actor.ref):
        context = viewer_context(request.actor, agent, document, asked)
    crumbs = [{"label": _("Agents"), "url": "/agents"}, {"label": agent.name, "url": agent.url}]
    crumbs.append({"label": context["document"]["name"], "url": context["document"]["url"]})
    return render(request, "chat/source.html", context | {"crumbs": crumbs} | around(request, agent))


@require_safe
def viewer_page(request: ActorRequest, agent: "Agent", document: str, number: int) -> HttpResponse:
    """One page of a PDF, drawn anew each time: a copy on disk, here or in a browser, would outlive its erasure."""
    try:
        scale = float(request.GET.get("scale", SCALE))
    except ValueError:
        scale = SCALE
    with _views.held(request.actor.ref):
        picture = page_picture(request.actor, agent, document, page=number, scale=scale)
    return HttpResponse(picture, content_type="image/png")


def _back_to_list(request: ActorRequest) -> HttpResponse:
    return redirect(_searches.at(request, request.POST.get("search", "")))


def _unkept_page(request: ActorRequest, agent: "Agent", carries: str, **more: Any) -> HttpResponse:
    return _page(request, agent, None, carried_turns(request.actor, agent, carries), carries=carries, **more)


def _ask_page(request: ActorRequest, agent: "Agent", identifier: str | None, **more: Any) -> HttpResponse:
    shown = conversation(request.actor, agent, identifier) if identifier else None
    return _page(request, agent, shown, shown.turns if shown else (), **more)


def _page(
    request: ActorRequest,
    agent: "Agent",
    shown: ShownConversation | None,
    turns: Sequence[ShownTurn],
    *,
    carries: str = "",
    edit: str = "",
    trouble: MunimentError | None = None,
    typed: str = "",
) -> HttpResponse:
    edited = next((turn for turn in turns if turn.id == edit), None)
    pages = pages_of(request.actor, agent)
    refusal = no_answer(request.actor, agent) if turns else ""  # a damaged silo cannot tell
    context: dict[str, Any] = {
        "conversation": _named(pages, shown) if shown else None,
        "turns": [turn_entry(turn, pages=pages, no_answer=refusal) for turn in turns],
        "talks": talks_by_day(
            own_conversations(request.actor, agent, newest=TALKS), pages=pages, current=shown.id if shown else None
        ),
        "edit": {"message": edited.id, "text": edited.question} if edited else None,
        "carries": carries,
        "typed": typed,
        "trouble": in_words(trouble) if trouble else "",
    }
    return render(request, "chat/ask.html", context | around(request, agent), status=_status(trouble))


def _status(trouble: MunimentError | None) -> HTTPStatus:
    if trouble is None:
        return HTTPStatus.OK
    spent = isinstance(trouble, QueriesSpentError)
    return HTTPStatus.TOO_MANY_REQUESTS if spent else HTTPStatus.UNPROCESSABLE_ENTITY


def _talk(request: ActorRequest, agent: "Agent", conversation: str) -> str:
    return talk_address(pages_of(request.actor, agent), conversation)


def _named(pages: str, shown: ShownConversation) -> dict[str, str]:
    return {"id": shown.id, "title": shown.title, "url": talk_address(pages, shown.id)}
