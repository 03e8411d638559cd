"""The pages of the server for owners: models, and what the operator set. `views` of their own addresses."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from muniment.console.forms import BudgetForm, ChangedProviderForm, ProviderForm
from muniment.console.mail import try_mail
from muniment.console.policies import check_operated, check_server, may_see_operated
from muniment.core.errors import NotFoundError
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.llm.errors import ProviderError
from muniment.llm.selectors import provider as own_provider
from muniment.llm.selectors import providers, spent
from muniment.llm.services import (
    add_provider,
    is_inside,
    models_in_use,
    remove_provider,
    set_budget,
    try_model,
    try_provider,
    update_provider,
)
from muniment.llm.types import ModelUse

if TYPE_CHECKING:
    from muniment.llm.models import Provider
    from muniment.llm.types import ModelInUse, Trial

_READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])
_SHOWN_MODELS = 8


@_READ_OR_SEND
def models(request: ActorRequest) -> HttpResponse:
    """The team's providers and its budget; POST sets the budget."""
    check_server(request.actor)
    used = spent(request.actor)
    initial = {"tokens": used.token_limit, "cost": used.cost_limit}
    form = BudgetForm(_sent(request), initial=initial)
    if form.is_valid():
        set_budget(actor=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(request.path)
    rows = [_row(one) for one in providers(request.actor)]
    context = {"providers": rows, "spent": used, "form": form, "in_use": [_used(one) for one in models_in_use()]}
    return _page(request, "models", context, form)


@require_POST
def test_model(request: ActorRequest, use: str) -> HttpResponse:
    """Has the embedding model, or the reranker, of the installation answer a word; says what came of it."""
    check_server(request.actor)
    found = next((one for one in models_in_use() if one.use == use), None)
    if found is None:
        raise NotFoundError("There is no such model.")
    trial = try_model(actor=request.actor, use=found.use)
    if trial.why is None:
        messages.success(request, _answered(found.name, trial))
    else:
        messages.error(
            request, _("%(name)s did not answer. %(why)s") % {"name": found.name, "why": in_words(trial.why)}
        )
    return redirect("console:models")


@sensitive_post_parameters("key")
@_READ_OR_SEND
def new_provider(request: ActorRequest) -> HttpResponse:
    check_server(request.actor)
    form = ProviderForm(_sent(request))
    if form.is_valid():
        try:
            add_provider(actor=request.actor, key=form.cleaned_data["key"], **form.fields_given())
        except ProviderError as error:
            form.add_error(None, in_words(error))
        else:
            messages.success(request, _("Added. Try it now, then choose it under Character of an agent."))
            return redirect("console:models")
    return _page(request, "provider", {"form": form, "internal": _internal("http", "https")}, form, _("Add a provider"))


@sensitive_post_parameters("key")
@_READ_OR_SEND
def provider(request: ActorRequest, provider: str) -> HttpResponse:
    check_server(request.actor)
    found = own_provider(request.actor, provider)
    initial = {name: getattr(found, name) for name in ProviderForm.base_fields if name != "key"}
    form = ChangedProviderForm(_sent(request), initial=initial)
    if found.sealed_key is None:
        del form.fields["forget"]
    if form.is_valid():
        form.cleaned_data.setdefault("forget", False)
        try:
            update_provider(actor=request.actor, provider=provider, key=form.key_given(), **form.fields_given())
        except ProviderError as error:
            form.add_error(None, in_words(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("console:models")
    return _page(
        request,
        "provider",
        {"form": form, "internal": _internal("http", "https"), "provider": _row(found)},
        form,
        found.name,
    )


@require_POST
def test_provider(request: ActorRequest, provider: str) -> HttpResponse:
    """Asks it for a word, through gate and budget; says in words what came of it."""
    check_server(request.actor)
    name = own_provider(request.actor, provider).name
    trial = try_provider(actor=request.actor, provider=provider)
    if trial.why is None:
        messages.success(request, _answered(name, trial))
    else:
        messages.error(request, _("%(name)s did not answer. %(why)s") % {"name": name, "why": in_words(trial.why)})
    return redirect("console:models")


@require_POST
def delete_provider(request: ActorRequest, provider: str) -> HttpResponse:
    check_server(request.actor)
    remove_provider(actor=request.actor, provider=provider)
    messages.success(request, _("Removed, and its key with it. Agents that used it say so until you choose another."))
    return redirect("console:models")


@require_safe
def server(request: ActorRequest) -> HttpResponse:
    """What the operator set, as facts."""
    check_operated(request.actor)
    mail = settings.MUNIMENT_MAIL
    facts = {
        "base_url": settings.MUNIMENT_BASE_URL.origin,
        "internal": _internal(),
        "upload_limit": settings.MUNIMENT_UPLOAD_LIMIT,
        "search_memory": settings.MUNIMENT_SEARCH_MEMORY,
        "mail": {"server": str(mail.server), "sender": mail.sender, "user": mail.user} if mail.server else None,
        "me": request.user.email,  # type: ignore[union-attr]
    }
    return _page(request, "server", {"facts": facts}, None)


@require_POST
def test_mail(request: ActorRequest) -> HttpResponse:
    if error := try_mail(actor=request.actor):
        messages.error(request, _("No message went out. %(why)s") % {"why": in_words(error)})
    else:
        messages.success(request, _("The mail server took the message. It should be in your inbox in a moment."))
    return redirect("console:server")


def _page(
    request: ActorRequest, name: str, context: Mapping[str, Any], form: forms.Form | None, below: str = ""
) -> HttpResponse:
    tabs = [{"label": _("Models"), "url": reverse("console:models"), "current": name in {"models", "provider"}}]
    if may_see_operated(request.actor):
        tabs.append({"label": _("Mail and limits"), "url": reverse("console:server"), "current": name == "server"})
    crumbs = [{"label": tab["label"], "url": tab["url"]} for tab in tabs if tab["current"]]
    crumbs = [{"label": _("Server"), "url": reverse("console:models")}, *crumbs]
    if below:
        crumbs.append({"label": below, "url": request.path})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    return render(request, f"console/{name}.html", {**context, "server_tabs": tabs, "crumbs": crumbs}, status=status)


def _row(one: "Provider") -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "model": one.model,
        "address": one.base_url,
        "inside": is_inside(one),
        "has_key": one.sealed_key is not None,
        "url": reverse("console:provider", args=[one.pk]),
    }


def _used(one: "ModelInUse") -> dict[str, Any]:
    labels = {ModelUse.EMBEDDING: _("Embedding model"), ModelUse.RERANKER: _("Reranker")}
    facts = {"name": one.name, "address": one.address, "model": one.model, "inside": one.inside}
    return {"label": labels[one.use], "test": reverse("console:test_model", args=[one.use.value]), **facts}


def _answered(name: str, trial: "Trial") -> str:
    said = _("%(name)s answered in %(time)s ms.") % {"name": name, "time": trial.milliseconds}
    if not trial.models:
        return said
    shown, more = ", ".join(trial.models[:_SHOWN_MODELS]), len(trial.models) - _SHOWN_MODELS
    listed = _("It has: %(models)s") % {"models": shown}
    if more > 0:
        listed += " " + ngettext("and %(more)d more", "and %(more)d more", more) % {"more": more}
    return f"{said} {listed}."


def _internal(*schemes: str) -> list[str]:
    """The hosts the operator allowed, of these schemes or all."""
    return [str(one) for one in settings.MUNIMENT_INTERNAL_HOSTS if not schemes or one.scheme in schemes]


def _sent(request: ActorRequest) -> Any:
    return request.POST if request.method == "POST" else None
