"""To which outsiders an agent is open: the card of its Share page, and what that sends."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from muniment.agents.errors import OpeningRefusedError
from muniment.agents.opening import OpeningDraft, why_draft
from muniment.agents.policies import may, may_open
from muniment.agents.selectors import chat_openings
from muniment.agents.services import change_opening, close_to_chat_users, open_to_chat_users
from muniment.agents.types import OpeningState
from muniment.core.permissions import Permission
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.sso.selectors import connections_of
from muniment.sso.services import chat_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from muniment.agents.models import Agent, ChatOpening
    from muniment.core.actors import Actor


def chat_users_card(actor: "Actor", agent: "Agent") -> dict[str, Any] | None:
    """Context of agents/chat_users.html; None where there is nothing to see or to do."""
    opened, is_owner = list(chat_openings(actor, agent)), may_open(actor, agent)
    if not opened and not is_owner:
        return None
    there = {one.connection_id for one in opened}
    return {
        "openings": [_opening(one) for one in opened],
        "connections": [one for one in connections_of(actor) if one.pk not in there] if is_owner else [],
        "may_open": is_owner,
        "may_close": may(actor, Permission.GRANT_UPDATE, agent),
        "why_draft": in_words(why) if (why := why_draft(agent)) else "",
        "address": f"{settings.MUNIMENT_BASE_URL.origin}{chat_address(agent.pk)}",
    }


@require_POST
def open_agent(request: ActorRequest, agent: "Agent") -> HttpResponse:
    return _saved(request, agent, partial(open_to_chat_users, connection=request.POST.get("connection", "")))


@require_POST
def change(request: ActorRequest, agent: "Agent", opening: str) -> HttpResponse:
    return _saved(request, agent, partial(change_opening, opening=opening))


def _saved(request: ActorRequest, agent: "Agent", save: "Callable[..., object]") -> HttpResponse:
    try:
        save(actor=request.actor, agent=agent, draft=_draft(request))
    except OpeningRefusedError as error:
        messages.error(request, in_words(error))
    else:
        messages.success(request, _("Saved. It holds from now on."))
    return redirect("agents:people", agent=agent.id)


@require_POST
def close(request: ActorRequest, agent: "Agent", opening: str) -> HttpResponse:
    close_to_chat_users(actor=request.actor, agent=agent, opening=opening)
    messages.success(request, _("Taken back. It holds from now on."))
    return redirect("agents:people", agent=agent.id)


def _draft(request: ActorRequest) -> OpeningDraft:
    """What is not said is the narrow one: these groups, as a draft."""
    given = request.POST
    return OpeningDraft(
        groups=given.get("groups", "").splitlines(),
        everybody=given.get("whom") == "everybody",
        state=OpeningState.LIVE if given.get("state") == OpeningState.LIVE else OpeningState.DRAFT,
    )


def _opening(one: "ChatOpening") -> dict[str, Any]:
    return {
        "id": one.pk,
        "connection": one.connection.name,
        "is_on": one.connection.is_on,
        "everybody": one.everybody,
        "groups": one.groups,
        "is_live": one.state == OpeningState.LIVE,
    }
