"""Passkeys: added, named, removed; and shown to sign in, for the second step, and to confirm."""

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from muniment.accounts.errors import FactorNeededError, PasskeyError
from muniment.accounts.forms import NameForm, PasskeyForm, SignInForm
from muniment.accounts.passkeys import passkeys_work
from muniment.accounts.second_step import pending_step
from muniment.accounts.selectors import own_account
from muniment.accounts.services import (
    add_passkey,
    ask_for_passkey,
    begin_passkey,
    remove_passkey,
    rename_passkey,
    sign_in_with_passkey,
)
from muniment.accounts.views.frame import (
    confirmed,
    crumbs,
    keep_ceremony,
    safe_next,
    shown_codes,
    sign_in_doors_open,
    status_of,
    take_ceremony,
)
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words

if TYPE_CHECKING:
    from muniment.accounts.models import User


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def new(request: ActorRequest) -> HttpResponse:
    """The browser makes a passkey and sends it with its name; the first factor brings recovery codes, shown once."""
    if not passkeys_work():
        raise Http404
    user = own_account(request.actor)
    form = PasskeyForm(request.POST if request.method == "POST" else None, initial={"name": _("My passkey")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            codes = add_passkey(
                actor=request.actor,
                user=user,
                state=take_ceremony(request),
                answer=given["answer"],
                name=given["name"],
                keep=request.session.session_key,
            )
        except PasskeyError as error:
            form.add_error("name", in_words(error))
        else:
            messages.success(request, _("The passkey is added. Other devices are signed out."))
            return shown_codes(request, codes) if codes else redirect("accounts:security")
    options = keep_ceremony(request, begin_passkey(actor=request.actor, user=user))
    context = {"form": form, "options": json.dumps(options), "crumbs": crumbs((_("Security"), "security"))}
    return render(request, "accounts/passkey.html", context, status=status_of(form))


@require_POST
def rename(request: ActorRequest, passkey: str) -> HttpResponse:
    form = NameForm(request.POST)
    name = form.cleaned_data["name"] if form.is_valid() else ""
    rename_passkey(actor=request.actor, user=own_account(request.actor), passkey=passkey, name=name)
    messages.success(request, _("Saved."))
    return redirect("accounts:security")


@require_POST
@confirmed
def remove(request: ActorRequest, passkey: str) -> HttpResponse:
    key = request.session.session_key
    try:
        remove_passkey(actor=request.actor, user=own_account(request.actor), passkey=passkey, keep=key)
    except FactorNeededError as error:
        messages.error(request, in_words(error))
    else:
        messages.success(request, _("The passkey is removed. Other devices are signed out."))
    return redirect("accounts:security")


@login_not_required
@require_POST
def options(request: HttpRequest) -> HttpResponse:
    """What a browser needs to show a passkey: of who is signed in or in the second step; else of anybody."""
    if not passkeys_work():
        raise Http404
    if not consume(request, action="login"):
        return JsonResponse({"sentence": _("Too many attempts. Wait a minute.")}, status=HTTPStatus.TOO_MANY_REQUESTS)
    return JsonResponse(keep_ceremony(request, ask_for_passkey(_expected(request))))


def _expected(request: HttpRequest) -> "User | None":
    if request.user.is_authenticated:
        return own_account(cast("ActorRequest", request).actor)
    stage = pending_step(request)
    return stage.login.user if stage else None


@login_not_required
@sensitive_post_parameters()
@require_POST
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Without a password. Every refusal reads alike."""
    after = safe_next(request)
    if request.user.is_authenticated:
        return redirect(after)
    answer = request.POST.get("answer", "")
    try:
        return sign_in_with_passkey(request=request, state=take_ceremony(request), answer=answer, after=after)
    except PasskeyError as error:
        context = {"form": SignInForm(), "next": request.POST.get("next") and after, "passkeys": True}
        refused = {"refused": in_words(error), "doors": sign_in_doors_open()}
        return render(request, "accounts/sign_in.html", context | refused, status=HTTPStatus.UNPROCESSABLE_ENTITY)
