"""My profile, the e-mail address: another one is asked for, and taken by the link that shows whose it is."""

from http import HTTPStatus

from allauth.core.internal import ratelimit
from allauth.core.ratelimit import consume
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from muniment.accounts.errors import EmailRefusedError, LinkError
from muniment.accounts.forms import ChangeEmailForm, LinkForm
from muniment.accounts.selectors import own_account
from muniment.accounts.services import ask_to_change_email, change_email
from muniment.accounts.views.frame import confirmed, crumbs, status_of
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words

_LIMITS = {"ask": "5/1h/key"}
"""Attack stopped: messages of ours are sent to strangers, one after the other, by whoever has an account."""


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def ask(request: ActorRequest) -> HttpResponse:
    """One answer, whether the address is somebody's or not. Without mail it says whom to ask."""
    user, mails = own_account(request.actor), settings.MUNIMENT_MAIL.server is not None
    form = ChangeEmailForm(request.POST if request.method == "POST" else None)
    sent = False
    if request.method == "POST" and mails and form.is_valid():
        if ratelimit.consume(request, app="muniment.accounts.email", action="ask", config=_LIMITS, key=user.ref):
            try:
                ask_to_change_email(actor=request.actor, user=user, email=form.cleaned_data["email"])
                sent = True
            except EmailRefusedError as error:
                form.add_error("email", in_words(error))
        else:
            form.add_error(None, _("Five were asked for in the last hour. Wait, then try again."))
    context = {"form": form, "mails": mails, "sent": sent, "crumbs": crumbs((_("E-mail address"), "ask_email"))}
    return render(request, "accounts/email.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: ActorRequest) -> HttpResponse:
    """What the link opens: for the person it was made for, signed in."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST" and not consume(request, action="reset_password_from_key"):
        form.add_error(None, _("Too many attempts from your address. Wait a minute, then try again."))
        status = HTTPStatus.TOO_MANY_REQUESTS
    elif request.method == "POST":
        if _taken(request, form):
            messages.success(request, _("Your e-mail address is changed. Other devices are signed out."))
            return redirect("accounts:profile")
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"form": form, "crumbs": crumbs((_("New e-mail address"), "take_email"))}
    return render(request, "accounts/email_confirm.html", context, status=status)


def _taken(request: ActorRequest, form: LinkForm) -> bool:
    if not form.is_valid():
        return False
    try:
        key, token = request.session.session_key, form.cleaned_data["token"]
        change_email(actor=request.actor, user=own_account(request.actor), token=token, keep=key)
    except LinkError as error:
        form.add_error("token", in_words(error))
        return False
    request.session.cycle_key()
    return True
