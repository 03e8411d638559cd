"""The doors of outsiders: in, out, and to what they may do with one open agent. Asking is done by members' views."""

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from muniment.agents.services import opened, ways_in
from muniment.chat import services, views
from muniment.chat.errors import TitleError
from muniment.chat.outside import around, for_outsiders
from muniment.chat.pages import talk_rows
from muniment.chat.selectors import OwnTalks
from muniment.core.errors import MunimentError, TooManyRequestsError
from muniment.core.rates import Buckets
from muniment.core.requests import ActorRequest, open_or_not
from muniment.core.wording import in_words
from muniment.sso.services import chat_address, chat_token, lead_to_chat, leave_chat, was_in_chat

if TYPE_CHECKING:
    from muniment.agents.models import Agent

ARRIVALS = 300
"""A minute from one address: a school whose lesson begins has one."""
QUESTIONS = 20
"""A minute of one person."""
ROWS = 30
_arrivals, _questions = Buckets(), Buckets()


@login_not_required
@require_safe
def come(request: HttpRequest, agent: "Agent") -> HttpResponseBase:
    """The one address that is given out: the way in, or the conversation for who has come in."""
    return _ask(request, agent) if hasattr(request, "actor") else _way_in(request, agent)


@login_not_required
@require_POST
def sign_in(request: HttpRequest, agent: "Agent") -> HttpResponse:
    """Leads to the provider of the connection that was chosen. Attack stopped: requests are signed without end."""
    try:
        _arrivals.take_from(str(request.META.get("REMOTE_ADDR", "")), limit=ARRIVALS)
    except TooManyRequestsError:
        said = _("Too many attempts from your address. Wait a minute, then try again.")
        return _way_in(request, agent, said, HTTPStatus.TOO_MANY_REQUESTS)
    chosen = request.POST.get("connection", "")
    connection = next((one for one in ways_in(agent) if one.pk == chosen), None)
    if connection is None:
        said = _("That way in is closed meanwhile. Choose another one.")
        return _way_in(request, agent, said, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return lead_to_chat(request=request, connection=connection, agent=agent.pk)
    except MunimentError as error:
        return _way_in(request, agent, in_words(error), HTTPStatus.SERVICE_UNAVAILABLE)


@open_or_not
@login_not_required
@require_POST
def sign_out(request: HttpRequest, agent: str) -> HttpResponse:
    """Also where the agent is open no more. Attack stopped: a chat is closed while its page is shown, its button leads
    nowhere, and who sits down next is still signed in at the provider as the last one. Whose token it is not is told
    what every other page says.
    """
    token = chat_token(request, agent)
    if not was_in_chat(token=token, agent=agent) and opened(agent) is None:
        raise Http404
    return leave_chat(request=request, agent=agent, token=token)


@require_POST
@for_outsiders
def ask(request: ActorRequest, agent: "Agent") -> HttpResponseBase:
    """Attack stopped: one person's program asks without end, and the team's answers of the month are gone. Members wait
    in the same line with everybody, one person with a share of it.
    """
    try:
        _questions.take(request.actor.ref, limit=QUESTIONS)
    except TooManyRequestsError:
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    return views.ask(request, agent)


@require_safe
@for_outsiders
def conversations(request: ActorRequest, agent: "Agent") -> HttpResponse:
    found: Any = OwnTalks(request.actor, agent)
    page: Any = Paginator(found, ROWS).get_page(request.GET.get("page"))
    page.object_list = list(talk_rows(page.object_list, pages=chat_address(agent.pk)))
    context = {"talks": page, "any": bool(page.object_list)}
    return render(request, "chat/conversations.html", context | around(request, agent))


@require_POST
@for_outsiders
def rename(request: ActorRequest, agent: "Agent", conversation: str) -> HttpResponse:
    """A title that cannot be one changes nothing. Nothing is said of either: messages are a member's session's."""
    title = request.POST.get("title", "")
    with suppress(TitleError):
        services.rename_conversation(actor=request.actor, agent=agent, conversation=conversation, title=title)
    return redirect("chat:outside_conversations", agent=agent.pk)


@require_POST
@for_outsiders
def delete(request: ActorRequest, agent: "Agent", conversation: str) -> HttpResponse:
    services.delete_conversation(actor=request.actor, agent=agent, conversation=conversation)
    return redirect("chat:outside_conversations", agent=agent.pk)


_ask = for_outsiders(views.start)
resume = for_outsiders(views.resume)
feedback = for_outsiders(views.feedback)
viewer = for_outsiders(views.viewer)


def _way_in(request: HttpRequest, agent: "Agent", said: str = "", status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    ways = [{"id": one.pk, "name": one.name} for one in ways_in(agent)]
    context = {"agent": {"name": agent.name, "url": chat_address(agent.pk)}, "ways": ways}
    return render(request, "chat/way_in.html", context | {"said": said}, status=status)
