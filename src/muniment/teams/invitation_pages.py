"""The door for somebody who was invited."""

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from muniment.accounts.errors import EmailRefusedError, EmailTakenError, PasswordRefusedError
from muniment.accounts.services import sign_in_person
from muniment.accounts.types import SignInMethod
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.teams.errors import AlreadyMemberError, InvitationError
from muniment.teams.forms import JoinForm, TokenForm
from muniment.teams.selectors import SESSION_TEAM
from muniment.teams.services import accept, accept_as_new, record_refusal

if TYPE_CHECKING:
    from muniment.accounts.models import User


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponseBase:
    """With an account, joins; without, makes the one the invitation is for and signs it in."""
    is_known = request.user.is_authenticated
    form = (TokenForm if is_known else JoinForm)(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if not consume(request, action="signup"):
            form.add_error(None, _("Too many attempts from your address. Wait a minute, then try again."))
            status = HTTPStatus.TOO_MANY_REQUESTS
        elif form.is_valid():
            done = _joined(cast("ActorRequest", request), form) if is_known else _made(request, form)
            if done is not None:
                return done
    context = {"form": form, "email": getattr(request.user, "email", "")}
    return render(request, "accounts/invitation.html", context, status=status)


def _joined(request: ActorRequest, form: TokenForm) -> HttpResponseBase | None:
    try:
        team = accept(actor=request.actor, token=form.cleaned_data["token"])
    except InvitationError as error:
        _refused(form, error)
        return None
    except AlreadyMemberError as error:
        form.add_error(None, in_words(error))
        return None
    request.session[SESSION_TEAM] = team.pk
    messages.success(request, _("You are in the team %(team)s now.") % {"team": team.name})
    return redirect("/")


def _made(request: HttpRequest, form: TokenForm) -> HttpResponseBase | None:
    given = form.cleaned_data
    try:
        user: User = accept_as_new(token=given["token"], name=given["name"], password=given["password"])
    except InvitationError as error:
        _refused(form, error)
    except EmailTakenError:
        form.add_error(None, _("There is an account with the address of this invitation. Sign in, then open it again."))
    except EmailRefusedError as error:
        form.add_error("name", in_words(error))
    except PasswordRefusedError as error:
        for reason in error.reasons:
            form.add_error("password", reason)
    else:
        return sign_in_person(request=request, user=user, method=SignInMethod.INVITATION, after="/")
    return None


def _refused(form: TokenForm, error: InvitationError) -> None:
    record_refusal()
    form.add_error("token", in_words(error))
