"""How the people of a team sign in: what is demanded, and the links for one who cannot, or under another address."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from muniment.accounts.errors import EmailRefusedError
from muniment.accounts.selectors import confirmation_address, confirmed_for_team
from muniment.core.permissions import Permission
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.teams.errors import SignInPolicyError
from muniment.teams.forms import EmailLinkForm, SignInPolicyForm
from muniment.teams.policies import may
from muniment.teams.services import fetch_email_link, fetch_recovery_link, recoverable, set_sign_in_policy
from muniment.teams.services import sign_in_policy as demanded
from muniment.teams.team_frame import team_page


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_policy(request: ActorRequest) -> HttpResponse:
    now = demanded(request.actor)
    initial = {"second_factor": now.second_factor, "passkey": now.passkey, "grace_days": now.grace_days}
    form = SignInPolicyForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_sign_in_policy(actor=request.actor, **form.cleaned_data)
        except SignInPolicyError as error:
            form.add_error("passkey", in_words(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("teams:sign_in_policy")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    if not may(request.actor, Permission.POLICY_UPDATE):
        for field in form.fields.values():
            field.disabled = True
    context = {
        "form": form,
        "may_change": may(request.actor, Permission.POLICY_UPDATE),
    }
    return team_page(request, "team/sign_in.html", "sign_in", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def recovery_link(request: ActorRequest, person: str) -> HttpResponse:
    """Shows the link, this one time, to who may do all the person may, and who was asked for the password again."""
    user = recoverable(actor=request.actor, person=person)
    if not confirmed_for_team(request):
        return redirect(confirmation_address(request.path))
    link = fetch_recovery_link(actor=request.actor, person=person) if request.method == "POST" else ""
    context = {"link": link, "person": user.name or user.email}
    return team_page(request, "team/recovery_link.html", "members", context, under=_("Recovery link"))


@require_http_methods(["GET", "HEAD", "POST"])
def email_link(request: ActorRequest, person: str) -> HttpResponse:
    """The same for the link that changes an address."""
    user = recoverable(actor=request.actor, person=person)
    if not confirmed_for_team(request):
        return redirect(confirmation_address(request.path))
    form, link = EmailLinkForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            link = fetch_email_link(actor=request.actor, person=person, email=form.cleaned_data["email"])
        except EmailRefusedError as error:
            form.add_error("email", in_words(error))
    context = {"form": form, "link": link, "person": user.name or user.email}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    under = _("New e-mail address")
    return team_page(request, "team/email_link.html", "members", context, under=under, status=status)
