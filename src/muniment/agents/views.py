"""The doors to an agent: made, changed, shown as facts, erased."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from muniment.agents.errors import AgentNameError
from muniment.agents.forms import AgentForm, CharacterForm, DeletionForm, NameForm, ReadingForm, RetentionForm
from muniment.agents.policies import check, check_create, may, may_create
from muniment.agents.selectors import deletes as deletes_at_once
from muniment.agents.selectors import isolation, readers, reads_along
from muniment.agents.services import create_agent, delete_agent, update_agent, ways_in
from muniment.audit.services import checkpoint_now
from muniment.core.cleaning import one_line
from muniment.core.permissions import Permission
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.jobs.selectors import running
from muniment.llm.selectors import providers
from muniment.llm.services import destination, local_model, models_in_use
from muniment.llm.types import LOCAL
from muniment.silo.chunks import EMBEDDING_JOB

if TYPE_CHECKING:
    from muniment.agents.models import Agent

_READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


@_READ_OR_SEND
def new(request: ActorRequest) -> HttpResponse:
    may_choose = may_create(request.actor) and may_create(request.actor, personal=True)
    is_personal = not may_create(request.actor)
    if is_personal:
        check_create(request.actor, personal=True)
    form = AgentForm(_sent(request))
    if not may_choose:
        del form.fields["personal"]
    if form.is_valid():
        try:
            given = {name: form.cleaned_data[name] for name in ("name", "instructions", "masking")}
            given["personal"] = form.cleaned_data.get("personal", is_personal)
            agent = create_agent(actor=request.actor, **given, deletes=form.chosen)
        except AgentNameError as error:
            form.add_error("name", in_words(error))
        else:
            return redirect(f"{agent.url}/knowledge")
    crumbs = [{"label": _("Agents"), "url": "/agents"}, {"label": _("New agent"), "url": request.path}]
    context = {"form": form, "is_personal": is_personal, "crumbs": crumbs}
    return render(request, "agents/new.html", context, status=_status(form))


@_READ_OR_SEND
def character(request: ActorRequest, agent: "Agent") -> HttpResponse:
    _check_settings(request, agent)
    fields = ("instructions", "no_answer", "length", "provider")
    local = local_model()
    choices = [(LOCAL, local.name)] if local else []
    choices += [(one.pk, f"{one.name} ({one.model})") for one in providers(request.actor)]
    initial = {field: getattr(agent, field) for field in fields}
    form = CharacterForm(_sent(request), initial=initial, providers=choices)
    if form.is_valid():
        return _changed(request, agent, form)
    context = {"form": form, "may_change": _changeable(request, agent, form)}
    return render(request, "agents/character.html", context, status=_status(form))


@_READ_OR_SEND
def safety(request: ActorRequest, agent: "Agent") -> HttpResponse:
    """Facts for whoever may use the agent; who may change it also decides how long conversations are kept."""
    is_owned = may(request.actor, Permission.AGENT_UPDATE, agent)
    form = RetentionForm(_sent(request), initial={"retention_days": agent.retention_days})
    if request.method == "POST":
        check(request.actor, Permission.AGENT_UPDATE, agent)
        if form.is_valid():
            return _changed(request, agent, form)
    facts, deletes = isolation(request.actor, agent), deletes_at_once(request.actor, agent)
    context = {
        "isolation": {
            "key": facts.key,
            "key_made": facts.key_made,
            "file": facts.file if is_owned else facts.file.name,  # the server's folders are no business of a guest
            "bytes": facts.bytes,
        },
        "readers": readers(request.actor, agent),
        "chat_users_of": ", ".join(one.name for one in ways_in(agent)),
        "deletes": deletes,
        "deletion_form": DeletionForm(initial=asdict(deletes)) if is_owned else None,
        "reading_form": ReadingForm.of(reads_along(request.actor, agent)) if is_owned else None,
        "model": _model(request, agent, names_inside=is_owned),
        "embedding": _embedding(request, agent),
        "processors": _processors(names_inside=is_owned),
        "form": form if is_owned else None,
        "retention": _retention(agent),
    }
    return render(request, "agents/safety.html", context, status=_status(form))


@_READ_OR_SEND
def settings(request: ActorRequest, agent: "Agent") -> HttpResponse:
    _check_settings(request, agent)
    form = NameForm(_sent(request), initial={"name": agent.name})
    if form.is_valid():
        try:
            return _changed(request, agent, form)
        except AgentNameError as error:
            form.add_error("name", in_words(error))
    return _settings(request, agent, form, status=_status(form))


@require_POST
def delete(request: ActorRequest, agent: "Agent") -> HttpResponse:
    """Erases the agent when its name was typed, and leads to the receipt: the log is signed before it is shown."""
    check(request.actor, Permission.AGENT_DELETE, agent)
    if one_line(request.POST.get("name", "")) != agent.name:
        error = _("The name was not typed exactly. Nothing was deleted.")
        form = NameForm(initial={"name": agent.name})
        return _settings(request, agent, form, status=HTTPStatus.UNPROCESSABLE_ENTITY, delete_error=error)
    event = delete_agent(actor=request.actor, agent=agent)
    checkpoint_now()
    return redirect("console:receipt", event=event)


def _settings(
    request: ActorRequest, agent: "Agent", form: NameForm, *, status: HTTPStatus, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "may_change": _changeable(request, agent, form),
        "may_delete": may(request.actor, Permission.AGENT_DELETE, agent),
    }
    return render(request, "agents/settings.html", context | more, status=status)


def _check_settings(request: ActorRequest, agent: "Agent") -> None:
    """Who may see the settings reads the page; who may change them sends it."""
    check(request.actor, Permission.AGENT_UPDATE if request.method == "POST" else Permission.SETTING_VIEW, agent)


def _changeable(request: ActorRequest, agent: "Agent", form: forms.Form) -> bool:
    """Whether the form is to be filled in; else it only shows."""
    if may(request.actor, Permission.AGENT_UPDATE, agent):
        return True
    for field in form.fields.values():
        field.disabled = True
    return False


def _changed(request: ActorRequest, agent: "Agent", form: forms.Form) -> HttpResponse:
    update_agent(actor=request.actor, agent=agent, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect(request.path)


def _sent(request: ActorRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _status(form: forms.Form) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _model(request: ActorRequest, agent: "Agent", *, names_inside: bool) -> Mapping[str, Any]:
    """Which model writes the answers, and where; what the operator's own hosts are called is no business of a guest."""
    local = local_model() if agent.provider == LOCAL else None
    elsewhere = agent.provider not in {"", LOCAL}
    place = destination(actor=request.actor, provider=agent.provider) if elsewhere else None
    if place and place.is_inside and not names_inside:
        place = replace(place, host="")
    return {
        "local": local.name if local else "",
        "place": place,
        "is_gone": bool(agent.provider) and not (local or place),
    }


def _embedding(request: ActorRequest, agent: "Agent") -> Mapping[str, int | str] | None:
    """How far the job is that embeds the agent's documents anew; None while there is none."""
    job = running(request.actor, kind=EMBEDDING_JOB, key=agent.id)
    return job.progress if job and "model" in job.progress else None


def _processors(*, names_inside: bool) -> list[dict[str, Any]]:
    """Who else reads the documents and questions of every agent: models at an endpoint.

    What the hosts of the operator's own network are called is no business of a guest.
    """
    return [
        {
            "use": one.use.value,
            "name": one.name,
            "host": urlsplit(one.address).netloc if names_inside or not one.inside else "",
            "inside": one.inside,
        }
        for one in models_in_use()
        if one.address
    ]


def _retention(agent: "Agent") -> str:
    days = agent.retention_days
    if days is None:
        return _("Kept until they are deleted.")
    return ngettext("Deleted after %(days)s day.", "Deleted after %(days)s days.", days) % {"days": days}
