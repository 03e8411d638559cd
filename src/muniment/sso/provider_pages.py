"""The pages of one connection: its addresses, its provider, whom it is for, a trial, on and off."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from muniment.core.errors import MunimentError
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.sso import services
from muniment.sso.errors import ConnectionSetUpError, Refused
from muniment.sso.forms import (
    ConnectionForm,
    MetadataAddressForm,
    MetadataDocumentForm,
    NewConnectionForm,
    OidcForm,
    TypedProviderForm,
)
from muniment.sso.frame import confirmed, sso_page
from muniment.sso.guides import GUIDES
from muniment.sso.leading_page import led
from muniment.sso.oidc_speaking import backchannel_logout_url, callback_url, known_provider, signed_out_url
from muniment.sso.policies import require_update
from muniment.sso.saml.certificates import read_certificate
from muniment.sso.saml_speaking import acs_url, entity_id, sls_url
from muniment.sso.selectors import connection_of, people_of
from muniment.sso.types import Protocol, Purpose
from muniment.sso.words import certificate_state, way
from muniment.teams.selectors import proven_domains, role_by_key
from muniment.teams.words import role_name

if TYPE_CHECKING:
    from muniment.sso.models import Connection

_PEOPLE = 50  # on a page
_KINDS = {"address": MetadataAddressForm, "document": MetadataDocumentForm, "typed": TypedProviderForm}


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def new(request: ActorRequest) -> HttpResponse:
    require_update(request.actor)
    form = NewConnectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = services.create_connection(
                actor=request.actor, protocol=Protocol(given["protocol"]), name=given["name"]
            )
        except ConnectionSetUpError as error:
            _put(form, error)
        else:
            return redirect("sso:connection", connection=made.pk)
    return sso_page(request, "new", {"form": form}, under=((_("New connection"), request.path),), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def connection(request: ActorRequest, connection: str) -> HttpResponse:
    """Everything about one connection. A POST changes its name and whom it is for."""
    found = connection_of(request.actor, connection)
    if request.method == "POST":
        return _changed(request, found)
    return _shown(request, found, _about(request, found))


@confirmed
def _changed(request: ActorRequest, found: "Connection") -> HttpResponse:
    form = _about(request, found)
    if form.is_valid():
        try:
            services.update_connection(actor=request.actor, connection=found.pk, draft=form.draft())
        except ConnectionSetUpError as error:
            _put(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("sso:connection", connection=found.pk)
    return _shown(request, found, form)


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def provider(request: ActorRequest, connection: str) -> HttpResponse:
    """Says who the provider is: by its metadata, typed, or by what it publishes."""
    require_update(request.actor)
    found = connection_of(request.actor, connection)
    kind = request.GET.get("by", "")
    form = _provider_form(request, found, kind)
    if form.is_valid():
        try:
            _store(request, found, form)
        except MunimentError as error:
            _put(form, error)
        else:
            messages.success(request, _("Saved. Try it before you switch it on."))
            return redirect("sso:connection", connection=found.pk)
    context = {"form": form, "connection": _facts(found), "by": kind or "address"}
    under = ((found.name, reverse("sso:connection", args=[found.pk])), (_("Identity provider"), request.path))
    return sso_page(request, "provider", context, under=under, form=form)


@require_POST
@confirmed
def read(request: ActorRequest, connection: str) -> HttpResponse:
    try:
        services.read_again(actor=request.actor, connection=connection)
    except ConnectionSetUpError as error:
        messages.error(request, in_words(error))
    else:
        problem = connection_of(request.actor, connection).saml.problem
        messages.error(request, in_words(problem)) if problem else messages.success(
            request, _("The metadata are read.")
        )
    return redirect("sso:connection", connection=connection)


@require_POST
def attempt(request: ActorRequest, connection: str) -> HttpResponseBase:
    """Leads to the provider; what comes of it is shown, and nobody is signed in."""
    require_update(request.actor)
    found = connection_of(request.actor, connection)
    after = reverse("sso:trial", args=[found.pk])
    if not services.is_complete(found):
        messages.error(request, _("Set up the provider first: there is nobody to ask yet."))
        return redirect("sso:connection", connection=found.pk)
    try:
        leading = services.lead(request=request, connection=found, purpose=Purpose.TRIAL, after=after)
    except MunimentError as error:
        messages.error(request, in_words(error))
        return redirect("sso:connection", connection=found.pk)
    return led(request, leading)


MENDED_AT = {
    Refused.NOT_A_MEMBER: ("sso:people", gettext_lazy("People and groups")),
    Refused.OTHER_DOMAIN: ("sso:home", gettext_lazy("Your domain")),
    Refused.SUSPENDED: ("teams:members", gettext_lazy("Members")),
}
"""Where an owner does something about it."""


@require_safe
def trial(request: ActorRequest, connection: str) -> HttpResponse:
    require_update(request.actor)
    found = connection_of(request.actor, connection)
    came = services.trial_of(request, found)
    if came is None:
        return redirect("sso:connection", connection=found.pk)
    said = way(came["way"]) if came["way"] else came["why"]
    role = role_name(role_by_key(request.actor, came["role"])) if came.get("role") else ""
    context = {"connection": _facts(found), "trial": came, "said": said, "mend": _mend(came["refused"]), "role": role}
    under = ((found.name, reverse("sso:connection", args=[found.pk])), (_("Trial"), request.path))
    return sso_page(request, "trial", context, under=under)


def _mend(refused: str | None) -> dict[str, Any]:
    if refused not in MENDED_AT:
        return {}
    page, label = MENDED_AT[Refused(refused)]
    return {"url": reverse(page), "label": label}


@require_POST
@confirmed
def switch(request: ActorRequest, connection: str) -> HttpResponse:
    on = "on" in request.POST
    try:
        services.switch_connection(actor=request.actor, connection=connection, on=on)
    except ConnectionSetUpError as error:
        messages.error(request, in_words(error))
    else:
        messages.success(request, _("It is on.") if on else _("It is off. Who came by it is signed out."))
    return redirect("sso:connection", connection=connection)


@require_POST
@confirmed
def delete(request: ActorRequest, connection: str) -> HttpResponse:
    try:
        services.delete_connection(actor=request.actor, connection=connection)
    except ConnectionSetUpError as error:
        messages.error(request, in_words(error))
        return redirect("sso:connection", connection=connection)
    messages.success(request, _("Deleted. Its people stay members."))
    return redirect("sso:home")


@require_POST
@confirmed
def unlink(request: ActorRequest, connection: str, identity: int) -> HttpResponse:
    try:
        services.unlink_person(actor=request.actor, connection=connection, identity=identity)
    except ConnectionSetUpError as error:
        messages.error(request, in_words(error))
    else:
        messages.success(request, _("Unlinked, and signed out where the provider had signed them in."))
    return redirect("sso:connection", connection=connection)


def _about(request: ActorRequest, found: "Connection") -> ConnectionForm:
    fields = ("name", "domains", "email_attribute", "name_attribute", "groups_attribute")
    initial: dict[str, Any] = {field: getattr(found, field) for field in fields}
    if found.protocol == Protocol.SAML:
        initial["lets_provider_begin"] = found.saml.lets_provider_begin
    offered = sorted(proven_domains(found.team_id) | set(found.domains))
    given = request.POST if request.method == "POST" else None
    return ConnectionForm(given, initial=initial, domains=offered, protocol=found.protocol)


def _provider_form(request: ActorRequest, found: "Connection", kind: str) -> Any:
    sent: dict[str, Any] = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    if found.protocol == Protocol.OIDC:
        fields = ("issuer", "client_id", "client_auth", "scopes", "signs_out_by_form")
        return OidcForm(**sent, initial={field: getattr(found.oidc, field) for field in fields})
    saml = found.saml
    first, second = [*saml.certificates, "", ""][:2]
    initial = {
        "url": saml.metadata_url,
        "signer": saml.metadata_signer,
        "entity_id": saml.entity_id if kind == "typed" else "",
        "sso_url": saml.sso_redirect or saml.sso_post,
        "by_post": bool(saml.sso_post and not saml.sso_redirect),
        "slo_url": saml.slo_redirect,
        "certificate": first,
        "further": second,
    }
    return _KINDS.get(kind, MetadataAddressForm)(**sent, initial=initial)


def _store(request: ActorRequest, found: "Connection", form: Any) -> None:
    whose: dict[str, Any] = {"actor": request.actor, "connection": found.pk}
    if isinstance(form, OidcForm):
        services.set_oidc(**whose, draft=form.draft())
    elif isinstance(form, TypedProviderForm):
        services.set_by_hand(**whose, typed=form.typed())
    elif isinstance(form, MetadataDocumentForm):
        services.set_by_document(**whose, data=form.data_given(), entity_id=form.cleaned_data["entity_id"])
    else:
        services.set_by_address(**whose, **form.cleaned_data)


def _shown(request: ActorRequest, found: "Connection", form: ConnectionForm) -> HttpResponse:
    people = Paginator(people_of(request.actor, found), _PEOPLE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "connection": _facts(found),
        "page": people,
        "people": [
            {"id": one.pk, "name": one.user.name, "email": one.user.email, "seen_at": one.seen_at} for one in people
        ],
    }
    return sso_page(request, "connection", context, under=((found.name, request.path),), form=form)


def _facts(found: "Connection") -> dict[str, Any]:
    facts: dict[str, Any] = {
        "id": found.pk,
        "name": found.name,
        "is_on": found.is_on,
        "is_saml": found.protocol == Protocol.SAML,
        "is_complete": services.is_complete(found),
        "certificate": certificate_state(found),
        "guides": [
            {"label": label, "url": reverse("sso:guide", args=[found.pk, name])}
            for name, label in GUIDES[Protocol(found.protocol)].items()
        ],
    }
    if found.protocol == Protocol.OIDC:
        known = known_provider(found)
        return facts | {
            "callback": callback_url(found.pk),
            "signed_out": signed_out_url(found.pk),
            "backchannel_logout": backchannel_logout_url(found.pk),
            "oidc": found.oidc,
            "signs_out_at": known.end_session_endpoint if known else "",
        }
    certificates = [read_certificate(pem) for pem in found.saml.certificates]
    return facts | {
        "acs": acs_url(found.pk),
        "entity_id": entity_id(found.pk),
        "sls": sls_url(found.pk),
        "saml": found.saml,
        "certificates": certificates,
    }


def _put(form: forms.Form, error: MunimentError) -> None:
    field = getattr(error, "field", "")
    form.add_error(field if field in form.fields else None, in_words(error))
