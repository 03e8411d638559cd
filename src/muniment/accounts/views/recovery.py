"""A forgotten password: a link by mail where there is a mail server, and what such a link opens."""

from allauth.core.ratelimit import consume
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from muniment.accounts.errors import LinkError, PasswordRefusedError
from muniment.accounts.forms import ForgottenForm, LinkForm, NewPasswordForm
from muniment.accounts.selectors import own_account
from muniment.accounts.services import ask_for_reset, ask_to_verify, set_password, verify_email
from muniment.accounts.views.frame import status_of
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """One answer, whether there is such an account or not."""
    mails = settings.MUNIMENT_MAIL.server is not None
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    sent = False
    if request.method == "POST" and mails and form.is_valid():
        email = form.cleaned_data["email"].lower()
        if consume(request, action="reset_password", key=email):
            ask_for_reset(email=email)
            sent = True
        else:
            form.add_error(None, _("Too many requests. Wait a minute, then try again."))
    context = {"form": form, "mails": mails, "sent": sent}
    return render(request, "accounts/forgotten.html", context, status=status_of(form))


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _allowed(request, form) and form.is_valid():
        try:
            set_password(token=form.cleaned_data["token"], new=form.cleaned_data["new"])
        except LinkError as error:
            form.add_error("token", in_words(error))
        except PasswordRefusedError as error:
            for reason in error.reasons:
                form.add_error("new", reason)
        else:
            messages.success(request, _("The password is changed. Sign in with it."))
            return redirect("accounts:sign_in")
    return render(request, "accounts/new_password.html", {"form": form}, status=status_of(form))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _allowed(request, form) and form.is_valid():
        try:
            verify_email(token=form.cleaned_data["token"])
        except LinkError as error:
            form.add_error("token", in_words(error))
        else:
            messages.success(request, _("Your e-mail address is confirmed."))
            return redirect("accounts:profile")
    return render(request, "accounts/verify_email.html", {"form": form}, status=status_of(form))


@require_POST
def ask_verification(request: ActorRequest) -> HttpResponse:
    if settings.MUNIMENT_MAIL.server is None:
        raise Http404
    user = own_account(request.actor)
    if consume(request, action="confirm_email", key=user.ref):
        ask_to_verify(actor=request.actor, user=user)
        messages.success(request, _("A message is on its way. Its link works for 15 minutes."))
    else:
        messages.error(request, _("One was sent a moment ago. Look for it, or try again in three minutes."))
    return redirect("accounts:profile")


def _allowed(request: HttpRequest, form: forms.Form) -> bool:
    if consume(request, action="reset_password_from_key"):
        return True
    form.add_error(None, _("Too many attempts from your address. Wait a minute, then try again."))
    return False
