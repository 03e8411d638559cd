"""The pages of masking: the rules and what a change of them takes; a text to try them on, and corrections."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from muniment.agents.errors import MaskingRulesError
from muniment.agents.selectors import masking_rules, masking_wanted, may, sees_names, stamp
from muniment.agents.services import correct_masking, open_silo
from muniment.agents.types import Correction, MaskingMode, MaskingRules
from muniment.core.errors import PermissionDeniedError, TransientError
from muniment.core.permissions import Permission
from muniment.core.requests import ActorRequest
from muniment.core.turns import Turns
from muniment.core.wording import in_words
from muniment.ingest import selectors
from muniment.ingest.documents import DocumentState
from muniment.ingest.errors import TextTooLongError
from muniment.ingest.masked import masking_cost
from muniment.ingest.masking_form import MaskingForm
from muniment.ingest.services import change_masking
from muniment.ingest.trying import LOOKED_AT, Looked, Part, document_part, look
from muniment.ingest.types import MaskingCost
from muniment.pii.types import GERMAN_NAMES_FOUND, OFF_BY_DEFAULT, PiiClass

if TYPE_CHECKING:
    from muniment.agents.models import Agent

CHOICE = 200  # documents offered to be looked at
_looks = Turns("look", places=2, each=1)  # each takes a core for a second
_READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


@_READ_OR_SEND
def masking(request: ActorRequest, agent: "Agent") -> HttpResponse:
    """The rules for who may change them, facts for everybody else; for htmx how far masking anew is.

    A change is first shown with what it takes; it is made by a second request that names what was shown.
    """
    if request.headers.get("HX-Request") == "true":
        return render(request, "agents/masking_progress.html", {"is_part": True})
    if request.method != "POST" and not may(request.actor, Permission.AGENT_UPDATE, agent):
        return render(request, "agents/masking.html", {"crumbs": _crumbs(agent)})
    silo = open_silo(actor=request.actor, agent=agent, permission=Permission.AGENT_UPDATE)
    now, wanted = masking_rules(request.actor, agent, silo), masking_wanted(request.actor, agent, silo)
    act = request.POST.get("act", "")
    form = MaskingForm.of(wanted, request.POST if act in {"save", "edit"} else None)
    if request.method != "POST" or act == "edit":
        return _rules_page(request, agent, form)
    if act == "save" and not form.is_valid():
        return _rules_page(request, agent, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    rules = form.rules(wanted) if act == "save" else wanted
    if rules == now == wanted:
        messages.info(request, _("Nothing was changed."))
        return redirect("ingest:masking", agent=agent.id)
    return _change(request, agent, form, rules)


def _change(request: ActorRequest, agent: "Agent", form: MaskingForm, rules: MaskingRules) -> HttpResponse:
    """Shows what it takes; makes the change where that was seen, and where it takes nothing."""
    try:
        if request.POST.get("seen") == _name_of(rules):
            return _changed(request, agent, change_masking(actor=request.actor, agent=agent, rules=rules))
        with _looks.held(request.actor.ref):
            cost = masking_cost(request.actor, agent, rules)
        if not cost.documents:
            return _changed(request, agent, change_masking(actor=request.actor, agent=agent, rules=rules))
    except (MaskingRulesError, TransientError) as error:
        messages.error(request, in_words(error))
        return _rules_page(request, agent, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _cost_page(request, agent, rules, cost)


def _changed(request: ActorRequest, agent: "Agent", count: int) -> HttpResponse:
    text = ngettext(
        "Saved. %(count)s document is masked anew; you may leave this page.",
        "Saved. %(count)s documents are masked anew; you may leave this page.",
        count,
    )
    messages.success(request, text % {"count": count} if count else _("Saved."))
    return redirect("ingest:masking", agent=agent.id)


def _rules_page(
    request: ActorRequest, agent: "Agent", form: MaskingForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    chosen = set(form["classes"].value() or ())
    context = {
        "form": form,
        "crumbs": _crumbs(agent),
        "modes": [(mode, mode.value == form["mode"].value()) for mode in _MODES],
        "promised": [(kind, kind.value in chosen) for kind in PiiClass if kind not in OFF_BY_DEFAULT],
        "others": [(kind, kind.value in chosen) for kind in PiiClass if kind in OFF_BY_DEFAULT],
        "german": GERMAN_NAMES_FOUND,
    }
    return render(request, "agents/masking.html", context, status=status)


_MODES = (MaskingMode.STAND_INS, MaskingMode.MASK, MaskingMode.OFF)
_TYPED = ("mode", "classes", "contacts", "terms", "patterns")


def _cost_page(request: ActorRequest, agent: "Agent", rules: MaskingRules, cost: MaskingCost) -> HttpResponse:
    context = {
        "cost": cost,
        "rules": rules,
        "seen": _name_of(rules),
        "act": request.POST.get("act"),
        "typed": [(name, value) for name in _TYPED for value in request.POST.getlist(name)],
        "crumbs": [*_crumbs(agent), {"label": _("What it takes"), "url": request.path}],
    }
    return render(request, "agents/masking_cost.html", context)


@_READ_OR_SEND
def try_masking(request: ActorRequest, agent: "Agent") -> HttpResponse:
    """A text, or a part of a document, with what is found in it, and corrections. Texts come in the body alone."""
    if not may(request.actor, Permission.AGENT_UPDATE, agent):
        raise PermissionDeniedError("Your role does not allow this. Ask an owner of the team.")
    given = request.POST if request.method == "POST" else request.GET
    trouble, status, looked, part = "", HTTPStatus.OK, None, None
    text = request.POST.get("text", "")
    try:
        if request.method == "POST":
            _correct(request, agent)
        with _looks.held(request.actor.ref):
            if given.get("document"):
                part = document_part(request.actor, agent, given["document"], _number(given.get("part", "")))
            if part or text.strip():
                looked = look(request.actor, agent, part.text if part else text)
    except (MaskingRulesError, TextTooLongError, TransientError) as error:
        trouble, status = in_words(error), HTTPStatus.UNPROCESSABLE_ENTITY
    return _try_page(request, agent, text=text, looked=looked, part=part, trouble=trouble, status=status)


def _correct(request: ActorRequest, agent: "Agent") -> None:
    """A form says one thing of some words: they stand in the field that is named for it."""
    kind = PiiClass(request.POST["kind"]) if request.POST.get("kind") in set(PiiClass) else None
    for correction in Correction:
        if (words := request.POST.get(correction)) is not None:
            correct_masking(actor=request.actor, agent=agent, correction=correction, words=words, kind=kind)
            messages.success(request, _("Kept as a rule. It holds as soon as you apply it."))


def _try_page(
    request: ActorRequest,
    agent: "Agent",
    *,
    text: str,
    looked: Looked | None,
    part: Part | None,
    trouble: str,
    status: HTTPStatus,
) -> HttpResponse:
    silo = open_silo(actor=request.actor, agent=agent, permission=Permission.AGENT_UPDATE)
    now, wanted = masking_rules(request.actor, agent, silo).selection, masking_wanted(request.actor, agent, silo)
    chosen = wanted.selection
    context = {
        "text": text,
        "looked": looked,
        "counts": looked.counts.most_common() if looked else [],
        "part": part,
        "document": request.POST.get("document") or request.GET.get("document", ""),
        "trouble": trouble,
        "most": LOOKED_AT,
        "choice": selectors.documents(request.actor, agent, state=DocumentState.LIVE, count=CHOICE)
        if sees_names(request.actor, agent)
        else [],
        "kinds": list(PiiClass),
        "listed": [(words, kind, (words, kind) in now.listed) for words, kind in chosen.listed],
        "never": [(words, words in now.never) for words in chosen.never],
        "is_off": wanted.mode is MaskingMode.OFF,
        "crumbs": [*_crumbs(agent), {"label": _("Try and correct"), "url": request.path}],
    }
    return render(request, "agents/masking_try.html", context, status=status)


def _crumbs(agent: "Agent") -> list[dict[str, Any]]:
    return [
        {"label": _("Agents"), "url": "/agents"},
        {"label": agent.name, "url": agent.url},
        {"label": _("Masking"), "url": reverse("ingest:masking", args=[agent.id])},
    ]


def _name_of(rules: MaskingRules) -> str:
    """Of what was shown, so that nothing else is done."""
    return stamp(rules) or rules.mode.value


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1
