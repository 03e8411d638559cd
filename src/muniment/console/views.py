"""Pages that combine rooms."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from muniment.agents.selectors import agents as agents_of
from muniment.agents.selectors import may_create
from muniment.audit.selectors import provable_act
from muniment.audit.services import make_receipt
from muniment.chat.selectors import Talk, conversations, last_asked
from muniment.console.agent_list import agent_rows
from muniment.console.credit_pages import credit_remarks
from muniment.core.actors import Actor
from muniment.core.requests import ActorRequest
from muniment.jobs.selectors import queue_state, worker_alive
from muniment.teams.selectors import names_of_closed, owes_kit_confirmation, teams_of

HOME_AGENTS, HOME_TALKS = 6, 5


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """Where a signed-in person starts: the agents asked last, and where they were."""
    actor = request.actor
    asked = last_asked(actor)
    recent = sorted(agents_of(actor), key=lambda agent: asked.get(agent.pk, agent.created_at), reverse=True)
    context = {
        "teams": [{"id": team.pk, "name": team.name, "current": team.pk == actor.team} for team in teams_of(actor)],
        "agents": agent_rows(actor, recent[:HOME_AGENTS], asked),
        "talks": [_talk(talk) for talk in conversations(actor, newest=HOME_TALKS)],
        "may_create": may_create(actor) or may_create(actor, personal=True),
        "remarks": _remarks(actor),
    }
    return render(request, "console/home.html", context)


@require_safe
def receipt(request: ActorRequest, event: str) -> HttpResponse:
    """What was done, when, and the proof of it: for who did it, and for who may read the team's log."""
    act = provable_act(request.actor, event)
    crumbs = [{"label": _("Receipt"), "url": request.path}]
    context = {"act": act, "grade": act.facts.get("grade"), "receipt": make_receipt(event), "crumbs": crumbs}
    return render(request, "console/receipt.html", context)


@require_safe
def receipt_file(request: ActorRequest, event: str) -> HttpResponse:
    provable_act(request.actor, event)
    named = {"Content-Disposition": f'attachment; filename="receipt-{event}.json"'}
    return HttpResponse(make_receipt(event) + "\n", content_type="application/json", headers=named)


def _talk(talk: Talk) -> dict[str, Any]:
    url = f"{talk.agent.url}/conversations/{talk.id}"
    return {"title": talk.title, "url": url, "agent": {"name": talk.agent.name}, "asked_at": talk.asked_at}


def _remarks(actor: Actor) -> list[dict[str, Any]]:
    """What this person should know now; empty on a good day."""
    remarks: list[dict[str, Any]] = []
    if owes_kit_confirmation(actor):
        remarks.append(
            {
                "state": "warn",
                "title": _("The recovery kit is not confirmed yet"),
                "text": _("Without it no backup can be opened. Print it, then type two of its groups back."),
                "url": reverse("teams:recovery_kit"),
                "label": _("Open the recovery kit"),
            }
        )
    if queue_state(actor).waiting and not worker_alive():
        remarks.append(
            {
                "state": "error",
                "title": _("Documents wait, and no worker is there to read them"),
                "text": _("Nothing is lost. Ask the operator to start the server again, or to run: muniment worker"),
            }
        )
    return remarks + _closed(actor) + credit_remarks(actor)


def _closed(actor: Actor) -> list[dict[str, Any]]:
    """That some of the person's teams are not open in this session, and how they are opened."""
    if not actor.closed:
        return []
    if actor.alone:  # whose names are no matter of the provider's
        title = _("Your organisation's provider opened this session for one team alone")
        text = _("To reach your other teams, sign out, then sign in with your own password or passkey.")
    else:
        title = _("Not open in this session: %(names)s") % {"names": ", ".join(names_of_closed(actor))}
        text = _(
            "Sign out, then sign in again. Where it opens by its own provider only, choose: Sign in with your "
            "organisation."
        )
    return [{"state": "info", "title": title, "text": text}]
