"""Signing in, in one step or two, and out."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import consume
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from muniment.accounts.errors import PasskeyError, TooManyAttemptsError, WrongCodeError
from muniment.accounts.forms import SecondStepForm, SignInForm
from muniment.accounts.hashers import check_patience
from muniment.accounts.passkeys import passkeys_work
from muniment.accounts.second_step import SecondStepStage, pending_step
from muniment.accounts.selectors import own_account, second_factors
from muniment.accounts.services import end_session, finish_second_step, finish_with_passkey, sign_in_person
from muniment.accounts.types import SignInMethod
from muniment.accounts.views.frame import safe_next, sign_in_doors_open, take_ceremony
from muniment.core.registries import sign_out_ways
from muniment.core.request_threads import in_line
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words

if TYPE_CHECKING:
    from muniment.accounts.models import User


@in_line
@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """One answer, status and amount of work for an unknown address, a wrong password and a suspended person."""
    after = safe_next(request)
    if request.user.is_authenticated:
        return redirect(after)
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST":
        check_patience(request)
        user, status = _authenticated(request, form)
        if user is not None:
            return sign_in_person(request=request, user=user, method=SignInMethod.PASSWORD, after=after)
    kept = request.POST.get("next") or request.GET.get("next") or ""
    context = {"form": form, "next": kept and after, "passkeys": passkeys_work(), "doors": sign_in_doors_open()}
    return render(request, "accounts/sign_in.html", context, status=status)


def _authenticated(request: HttpRequest, form: SignInForm) -> tuple["User | None", HTTPStatus]:
    if not consume(request, action="login"):
        form.add_error(None, _("Too many attempts from your address. Wait a minute, then try again."))
        return None, HTTPStatus.TOO_MANY_REQUESTS
    if not form.is_valid():
        return None, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        user = get_adapter(request).authenticate(request, **form.cleaned_data)
    except ValidationError:
        form.add_error(None, _("Too many attempts. Wait five minutes, then try again."))
        return None, HTTPStatus.TOO_MANY_REQUESTS
    if user is None:
        form.add_error(None, _("This e-mail address and password do not belong together. Check both."))
        return None, HTTPStatus.UNPROCESSABLE_ENTITY
    return user, HTTPStatus.OK


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponseBase:
    """For who made the first step in this session a moment ago; everybody else begins with that one."""
    stage = pending_step(request)
    if stage is None:
        return redirect("accounts:sign_in")
    form = SecondStepForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST":
        response, status = _second_step_made(request, stage, form)
        if response is not None:
            return response
    context = {"form": form, "has": second_factors(stage.login.user)}
    return render(request, "accounts/second_step.html", context, status=status)


def _second_step_made(
    request: HttpRequest, stage: SecondStepStage, form: SecondStepForm
) -> tuple[HttpResponseBase | None, HTTPStatus]:
    """With a code, or with what the browser answered for a passkey."""
    answer, trust = request.POST.get("answer", ""), "trust" in request.POST
    try:
        if answer:
            form.fields["code"].required = False
            state = take_ceremony(request)
            response = finish_with_passkey(request=request, stage=stage, state=state, answer=answer, trust=trust)
        elif form.is_valid():
            code = form.cleaned_data["code"]
            response = finish_second_step(request=request, stage=stage, code=code, trust=trust)
        else:
            return None, HTTPStatus.UNPROCESSABLE_ENTITY
    except PasskeyError as error:
        form.add_error(None, in_words(error))
    except WrongCodeError as error:
        form.add_error("code", in_words(error))
    except TooManyAttemptsError as error:
        form.add_error(None, in_words(error))
        return None, HTTPStatus.TOO_MANY_REQUESTS
    else:
        return response, HTTPStatus.OK
    return None, HTTPStatus.UNPROCESSABLE_ENTITY


@require_POST
def sign_out(request: ActorRequest) -> HttpResponse:
    """Here; and at the provider that opened the session, where it can be told."""
    session = dict(request.session.items())
    ways = (sign_out_ways.get(name)(session) for name in sign_out_ways)
    answered = next(filter(None, ways), None)
    end_session(actor=request.actor, user=own_account(request.actor), key=request.session.session_key or "")
    logout(request)
    return answered(request) if answered else redirect("accounts:sign_in")
