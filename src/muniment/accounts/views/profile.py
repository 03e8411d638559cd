"""My Profile, and the page Security of it."""

from typing import TYPE_CHECKING

from allauth.core.ratelimit import consume
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from muniment.accounts.errors import PasskeyError, PasswordRefusedError, TooManyAttemptsError, WrongPasswordError
from muniment.accounts.forms import ConfirmForm, PasswordForm, ProfileForm
from muniment.accounts.passkeys import passkeys_work
from muniment.accounts.profile_frame import tabs
from muniment.accounts.selectors import (
    confirmation_elsewhere,
    factors_of,
    fetched_links,
    owed_by,
    own_account,
    second_factors,
    sessions_of,
)
from muniment.accounts.services import (
    change_password,
    confirm_with_passkey,
    confirm_with_password,
    end_session_named,
    end_sessions,
    rename_user,
    revoke_browser,
)
from muniment.accounts.views.frame import crumbs, safe_next, status_of, take_ceremony
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words

if TYPE_CHECKING:
    from muniment.accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: ActorRequest) -> HttpResponse:
    user = own_account(request.actor)
    initial = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        rename_user(actor=request.actor, user=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    context = {
        "form": form,
        "verified": user.email_verified_at,
        "alone": request.actor.alone,
        "mails": settings.MUNIMENT_MAIL.server is not None,
        "profile_tabs": tabs(request.actor, "accounts:profile"),
        "crumbs": crumbs(),
    }
    return render(request, "accounts/profile.html", context, status=status_of(form))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def security(request: ActorRequest) -> HttpResponse:
    user = own_account(request.actor)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _password_changed(request, user, form):
        messages.success(request, _("The password is changed. Other devices are signed out."))
        return redirect("accounts:security")
    context = {
        "form": form,
        "factors": factors_of(request.actor, user=user),
        "passkeys": passkeys_work(),
        "owed": owed_by(user),
        "links": fetched_links(request.actor, user=user),
        "alone": request.actor.alone,
        "sessions": sessions_of(request.actor, user=user, current=request.session.session_key),
        "profile_tabs": tabs(request.actor, "accounts:security"),
        "crumbs": crumbs(),
    }
    return render(request, "accounts/security.html", context, status=status_of(form))


def _password_changed(request: ActorRequest, user: "User", form: PasswordForm) -> bool:
    if not consume(request, action="reauthenticate", user=user):
        form.add_error("current", _("Too many attempts. Wait a minute, then try again."))
        return False
    given = form.cleaned_data
    try:
        key = request.session.session_key
        change_password(actor=request.actor, user=user, current=given["current"], new=given["new"], keep=key)
    except WrongPasswordError as error:
        form.add_error("current", in_words(error))
    except PasswordRefusedError as error:
        for reason in error.reasons:
            form.add_error("new", reason)
    else:
        update_session_auth_hash(request, user)  # and a new session key
        return True
    return False


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ActorRequest) -> HttpResponse:
    """Asks for the password or a passkey again, then leads on to what it was asked for. Who came by a provider proves
    it there.
    """
    after = safe_next(request, "/profile/security")
    if elsewhere := confirmation_elsewhere(request, after):
        return redirect(elsewhere)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _confirmed(request, form):
        return redirect(after)
    context = {
        "form": form,
        "next": after,
        "has": second_factors(own_account(request.actor)),
        "passkey_only": request.GET.get("passkey") == "only",
        "crumbs": crumbs((_("Security"), "security")),
    }
    return render(request, "accounts/confirm.html", context, status=status_of(form))


def _confirmed(request: ActorRequest, form: ConfirmForm) -> bool:
    user, answer = own_account(request.actor), request.POST.get("answer", "")
    try:
        if answer:
            form.fields["password"].required = False
            state = take_ceremony(request)
            confirm_with_passkey(actor=request.actor, user=user, request=request, state=state, answer=answer)
            return True
        if form.is_valid():
            password = form.cleaned_data["password"]
            confirm_with_password(actor=request.actor, user=user, request=request, password=password)
            return True
    except WrongPasswordError as error:
        form.add_error("password", in_words(error))
    except (PasskeyError, TooManyAttemptsError) as error:
        form.add_error(None, in_words(error))
    return False


@require_POST
def end_others(request: ActorRequest) -> HttpResponse:
    user = own_account(request.actor)
    end_sessions(actor=request.actor, user=user, keep=request.session.session_key)
    messages.success(request, _("Other devices are signed out."))
    return redirect("accounts:security")


@require_POST
def end_one(request: ActorRequest, session: str) -> HttpResponse:
    end_session_named(actor=request.actor, user=own_account(request.actor), session=session)
    messages.success(request, _("This device is signed out."))
    return redirect("accounts:security")


@require_POST
def revoke(request: ActorRequest, browser: str) -> HttpResponse:
    revoke_browser(actor=request.actor, user=own_account(request.actor), browser=browser)
    messages.success(request, _("This browser is asked for the second step again."))
    return redirect("accounts:security")
