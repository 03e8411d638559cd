"""The doors to an installation's first hour, and from one team to another."""

from http import HTTPStatus

from allauth.core.ratelimit import consume
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from muniment.accounts.errors import EmailRefusedError, EmailTakenError, PasswordRefusedError
from muniment.accounts.services import sign_in_person
from muniment.accounts.types import SignInMethod
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.teams.errors import AlreadyClaimedError, KitMismatchError, SetupLinkError
from muniment.teams.forms import ClaimForm, KitForm
from muniment.teams.selectors import SESSION_TEAM, is_claimed, owes_kit_confirmation, teams_of
from muniment.teams.services import claim, confirm_recovery_kit, groups_to_ask, recovery_kit

SESSION_GROUPS = "kit_groups"


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponseBase:
    """Claims the installation; once it is claimed, there is no such page."""
    if is_claimed():
        raise Http404
    form = ClaimForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST":
        response, status = _claimed(request, form)
        if response is not None:
            return response
    return render(request, "accounts/setup.html", {"form": form}, status=status)


def _claimed(request: HttpRequest, form: ClaimForm) -> tuple[HttpResponseBase | None, HTTPStatus]:
    if not consume(request, action="signup"):
        form.add_error(None, _("Too many attempts from your address. Wait a minute, then try again."))
        return None, HTTPStatus.TOO_MANY_REQUESTS
    if not form.is_valid():
        return None, HTTPStatus.UNPROCESSABLE_ENTITY
    given = form.cleaned_data
    try:
        user = claim(token=given["token"], email=given["email"], password=given["password"], team_name=given["team"])
    except SetupLinkError as error:
        form.add_error("token", in_words(error))
    except (EmailRefusedError, EmailTakenError) as error:
        form.add_error("email", in_words(error))
    except PasswordRefusedError as error:
        for reason in error.reasons:
            form.add_error("password", reason)
    except AlreadyClaimedError as error:
        form.add_error(None, in_words(error))
    else:
        after = reverse("teams:recovery_kit")
        return sign_in_person(request=request, user=user, method=SignInMethod.SETUP, after=after), HTTPStatus.OK
    return None, HTTPStatus.UNPROCESSABLE_ENTITY


@require_safe
def show_kit(request: ActorRequest) -> HttpResponse:
    """The kit, for the one who claimed, until two of its groups were asked back and right."""
    groups, made = recovery_kit(actor=request.actor)
    context = {"groups": groups, "made": made, "host": settings.MUNIMENT_BASE_URL.origin}
    return render(request, "accounts/recovery_kit.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def check_kit(request: ActorRequest) -> HttpResponse:
    """Asks two groups back, on a page that does not show them."""
    if not owes_kit_confirmation(request.actor):
        raise Http404
    asked = request.session.get(SESSION_GROUPS)
    if not asked:  # once in a session: the page is not to be loaded again until it asks for groups at hand
        request.session[SESSION_GROUPS] = asked = groups_to_ask()
        return _ask(request, KitForm(asked), HTTPStatus.OK)
    if request.method != "POST":
        return _ask(request, KitForm(asked), HTTPStatus.OK)
    form = KitForm(asked, request.POST)
    if not consume(request, action="reauthenticate", user=request.user):
        form.add_error(None, _("Too many attempts. Wait a minute, then try again."))
        return _ask(request, form, HTTPStatus.TOO_MANY_REQUESTS)
    if form.is_valid():
        try:
            confirm_recovery_kit(actor=request.actor, typed=form.typed())
        except KitMismatchError as error:
            form.add_error(None, in_words(error))
        else:
            del request.session[SESSION_GROUPS]
            return redirect("/")
    return _ask(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _ask(request: HttpRequest, form: KitForm, status: HTTPStatus) -> HttpResponse:
    return render(request, "accounts/recovery_kit.html", {"groups": None, "form": form}, status=status)


@require_POST
def switch(request: ActorRequest) -> HttpResponse:
    """From now on this session is in another of the person's teams; one that is not theirs does not exist."""
    wished = request.POST.get("team", "")
    if not teams_of(request.actor).filter(pk=wished).exists():
        raise Http404
    request.session[SESSION_TEAM] = wished
    return redirect("/")
