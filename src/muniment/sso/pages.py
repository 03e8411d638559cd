"""The guided page: domains, then providers, then who comes in by them. Its steps tick off as they are done."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.sso.forms import DomainForm
from muniment.sso.frame import confirmed, sso_page
from muniment.sso.selectors import connections_of
from muniment.sso.services import is_complete
from muniment.sso.types import Protocol
from muniment.sso.words import PROTOCOLS, certificate_state, domain_state
from muniment.teams.errors import DomainError, DomainNameError
from muniment.teams.selectors import domain as own_domain
from muniment.teams.selectors import domains_of, kept_in, opens_by_provider_only, team_of
from muniment.teams.services import add_domain, check_domain, provisioning, remove_domain, retry_domain
from muniment.teams.types import DomainState


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    return _home(request, DomainForm())


@require_POST
@confirmed
def add(request: ActorRequest) -> HttpResponse:
    form = DomainForm(request.POST)
    if form.is_valid():
        try:
            add_domain(actor=request.actor, team=team_of(request.actor), name=form.cleaned_data["name"])
        except (DomainError, DomainNameError) as error:
            form.add_error("name", in_words(error))
        else:
            messages.success(request, _("Added. Its record is looked for from now on."))
            return redirect("sso:home")
    return _home(request, form)


@require_POST
def check(request: ActorRequest, domain: str) -> HttpResponse:
    try:
        found = check_domain(actor=request.actor, domain=own_domain(request.actor, domain))
    except DomainError as error:
        messages.error(request, in_words(error))
    else:
        state, _word, text = domain_state(found)
        (messages.success if state == "ok" else messages.info)(request, f"{found.name}: {text}")
    return redirect("sso:home")


@require_POST
def retry(request: ActorRequest, domain: str) -> HttpResponse:
    try:
        retry_domain(actor=request.actor, domain=own_domain(request.actor, domain))
    except DomainError as error:
        messages.error(request, in_words(error))
    else:
        messages.success(request, _("The record is looked for again, for 72 hours."))
    return redirect("sso:home")


@require_POST
@confirmed
def remove(request: ActorRequest, domain: str) -> HttpResponse:
    remove_domain(actor=request.actor, domain=own_domain(request.actor, domain))
    messages.success(request, _("Removed. Nobody with such an address is let in by your provider any more."))
    return redirect("sso:home")


def _home(request: ActorRequest, form: DomainForm) -> HttpResponse:
    actor = request.actor
    domains, connections = list(domains_of(actor)), list(connections_of(actor))
    proven, on = any(one.state == DomainState.VERIFIED for one in domains), any(one.is_on for one in connections)
    context = {
        "form": form,
        "domains": [_domain(one) for one in domains],
        "connections": [_connection(one) for one in connections],
        "done": {"domains": proven, "connections": bool(connections), "on": on},
        "provisioning": provisioning(actor),
        "only": opens_by_provider_only(team_of(actor).pk),
        "kept": [one.user.name or one.user.email for one in kept_in(team_of(actor).pk)],
    }
    return sso_page(request, "home", context, form=form)


def _domain(one: Any) -> dict[str, Any]:
    state, word, text = domain_state(one)
    return {
        "id": one.pk,
        "name": one.name,
        "unicode_name": one.unicode_name,
        "record_name": one.record_name,
        "record_value": one.record_value,
        "state": state,
        "word": word,
        "text": text,
        "failed": one.state == DomainState.FAILED,
        "verified": one.state == DomainState.VERIFIED,
        "missing": one.missing_since is not None,
    }


def _connection(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "protocol": PROTOCOLS[Protocol(one.protocol)],
        "is_on": one.is_on,
        "is_complete": is_complete(one),
        "certificate": certificate_state(one),
    }
