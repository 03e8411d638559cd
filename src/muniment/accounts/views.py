"""The doors to an account: sign in, sign out, My Profile."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import consume
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from muniment.accounts.errors import PasswordRefusedError, WrongPasswordError
from muniment.accounts.forms import PasswordForm, ProfileForm, SignInForm
from muniment.accounts.selectors import own_account, sessions_of
from muniment.accounts.services import change_password, end_session, end_sessions, rename_user, sign_in_person
from muniment.accounts.types import SignInMethod
from muniment.core.requests import ActorRequest

if TYPE_CHECKING:
    from muniment.accounts.models import User


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
        user, status = _authenticated(request, form)
        if user is not None:
            return sign_in_person(request=request, user=user, method=SignInMethod.PASSWORD, after=after)
    kept = request.POST.get("next") or request.GET.get("next") or ""
    return render(request, "accounts/sign_in.html", {"form": form, "next": kept and after}, status=status)


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


def safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: an address on this server, else home (open redirect)."""
    wished = request.POST.get("next") or request.GET.get("next") or ""
    if wished.startswith("/") and url_has_allowed_host_and_scheme(wished, allowed_hosts=None):
        return wished
    return "/"


@require_POST
def sign_out(request: ActorRequest) -> HttpResponse:
    key = request.session.session_key
    end_session(actor=request.actor, user=own_account(request.actor), key=key or "")
    logout(request)
    return redirect("accounts:sign_in")


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: ActorRequest) -> HttpResponse:
    user = own_account(request.actor)
    form = ProfileForm(request.POST if request.method == "POST" else None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        rename_user(actor=request.actor, user=user, name=form.cleaned_data["name"])
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    context = {"form": form, "profile_tabs": _tabs("profile"), "crumbs": _crumbs()}
    return render(request, "accounts/profile.html", context, status=_status(form))


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
        "sessions": sessions_of(request.actor, user=user, current=request.session.session_key),
        "profile_tabs": _tabs("security"),
        "crumbs": _crumbs(),
    }
    return render(request, "accounts/security.html", context, status=_status(form))


def _password_changed(request: ActorRequest, user: "User", form: PasswordForm) -> bool:
    if not consume(request, action="reauthenticate", user=user):
        form.add_error("current", _("Too many attempts. Wait a minute, then try again."))
        return False
    given = form.cleaned_data
    try:
        key = request.session.session_key
        change_password(actor=request.actor, user=user, current=given["current"], new=given["new"], keep=key)
    except WrongPasswordError as error:
        form.add_error("current", str(error))
    except PasswordRefusedError as error:
        for reason in error.reasons:
            form.add_error("new", reason)
    else:
        update_session_auth_hash(request, user)  # and a new session key
        return True
    return False


@require_POST
def end_others(request: ActorRequest) -> HttpResponse:
    user = own_account(request.actor)
    end_sessions(actor=request.actor, user=user, keep=request.session.session_key)
    messages.success(request, _("Other devices are signed out."))
    return redirect("accounts:security")


def _status(form: ProfileForm | PasswordForm) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _crumbs() -> list[dict[str, str]]:
    return [{"label": _("My profile"), "url": reverse("accounts:profile")}]


def _tabs(current: str) -> list[dict[str, object]]:
    names = {"profile": _("Profile"), "security": _("Security")}
    return [
        {"label": label, "url": reverse(f"accounts:{name}"), "current": name == current}
        for name, label in names.items()
    ]
