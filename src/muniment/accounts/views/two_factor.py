"""Two-factor authentication with an app: on, off, its name, its recovery codes."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from muniment.accounts.errors import EnrolmentError, FactorNeededError, WrongCodeError
from muniment.accounts.forms import EnrolmentForm, NameForm
from muniment.accounts.selectors import factors_of, own_account
from muniment.accounts.services import begin_app, disable_app, enable_app, new_recovery_codes, rename_app, resume_app
from muniment.accounts.types import Enrolment
from muniment.accounts.views.frame import confirmed, crumbs, shown_codes, status_of
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words

SESSION_ENROLLING = "enrolling"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def enable(request: ActorRequest) -> HttpResponse:
    """Shows the QR code and the key, until a code of the app was typed; then the recovery codes, once."""
    user = own_account(request.actor)
    if factors_of(request.actor, user=user).app:
        return redirect("accounts:security")
    enrolment = _enrolment(request)
    form = EnrolmentForm(request.POST if request.method == "POST" else None, initial={"name": _("My phone")})
    if request.method == "POST" and form.is_valid():
        try:
            codes = enable_app(
                actor=request.actor,
                user=user,
                sealed=enrolment.sealed,
                keep=request.session.session_key,
                **form.cleaned_data,
            )
        except WrongCodeError as error:
            form.add_error("code", in_words(error))
        else:
            request.session.pop(SESSION_ENROLLING, None)
            messages.success(request, _("Two-factor authentication is on. Other devices are signed out."))
            return shown_codes(request, codes) if codes else redirect("accounts:security")
    context = {"form": form, "enrolment": enrolment, "crumbs": crumbs((_("Security"), "security"))}
    return render(request, "accounts/two_factor.html", context, status=status_of(form))


def _enrolment(request: ActorRequest) -> Enrolment:
    """The one this session began, so that the page can be loaded again; the session keeps its seed sealed."""
    user = own_account(request.actor)
    try:
        return resume_app(actor=request.actor, user=user, sealed=request.session.get(SESSION_ENROLLING, ""))
    except EnrolmentError:
        begun = begin_app(actor=request.actor, user=user)
        request.session[SESSION_ENROLLING] = begun.sealed
        return begun


@require_POST
@confirmed
def recovery_codes(request: ActorRequest) -> HttpResponse:
    return shown_codes(request, new_recovery_codes(actor=request.actor, user=own_account(request.actor)))


@require_POST
def rename(request: ActorRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if form.is_valid():
        rename_app(actor=request.actor, user=own_account(request.actor), name=form.cleaned_data["name"])
        messages.success(request, _("Saved."))
    return redirect("accounts:security")


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def disable(request: ActorRequest) -> HttpResponse:
    """Says what it means, then does it."""
    user = own_account(request.actor)
    factors = factors_of(request.actor, user=user)
    if factors.app is None:
        return redirect("accounts:security")
    reason = ""
    if request.method == "POST":
        try:
            disable_app(actor=request.actor, user=user, keep=request.session.session_key)
        except FactorNeededError as error:
            reason = in_words(error)
        else:
            messages.success(request, _("Two-factor authentication is off. Other devices are signed out."))
            return redirect("accounts:security")
    context = {"factors": factors, "reason": reason, "crumbs": crumbs((_("Security"), "security"))}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if reason else HTTPStatus.OK
    return render(request, "accounts/two_factor_off.html", context, status=status)
