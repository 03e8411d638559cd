"""The page Provisioning: where the provider finds this server, its tokens, and what it did."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from muniment.accounts.profile_frame import tabs
from muniment.accounts.selectors import confirmation_address, confirmed_for_team
from muniment.core.clock import now
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.scim.errors import TokenDraftError
from muniment.scim.policies import may_update, require_update, require_view
from muniment.scim.selectors import in_care, provisioning_log, stakes_in_care, tokens_of
from muniment.scim.services import apply_group_rules, create_token, revoke_token
from muniment.scim.types import LIVE_AT_ONCE, LONGEST_LIFE, LogView
from muniment.teams.selectors import name_behind
from muniment.teams.services import provisioning

_SHOWN = 50  # rows of the log


class TokenForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, help_text=gettext_lazy("Such as: Entra, 2026."))
    days = forms.IntegerField(
        label=gettext_lazy("Lives for days"), min_value=1, max_value=LONGEST_LIFE, initial=LONGEST_LIFE
    )


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    require_view(request.actor)
    return _home(request, TokenForm())


@require_http_methods(["POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Who left a browser open leaves no token behind: password, passkey or provider are asked for again."""
    require_update(request.actor)
    if not confirmed_for_team(request):
        return redirect(confirmation_address(reverse("scim:home")))
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            made = create_token(actor=request.actor, **form.cleaned_data)
        except TokenDraftError as error:
            form.add_error(None, in_words(error))
        else:
            return _page(request, "token_made", {"token": made.token, "name": made.name, "address": _address()})
    return _home(request, form)


@require_POST
def revoke(request: ActorRequest, token: str) -> HttpResponse:
    require_update(request.actor)
    name = revoke_token(actor=request.actor, token=token)
    messages.success(request, _("%(name)s is revoked. It opens nothing from now on.") % {"name": name})
    return redirect("scim:home")


@require_POST
def apply(request: ActorRequest) -> HttpResponse:
    """The rules of groups, as they are now, for everybody in the provider's care."""
    require_update(request.actor)
    changed = apply_group_rules(actor=request.actor)
    said = ngettext("%(count)d role has changed.", "%(count)d roles have changed.", changed)
    messages.success(request, said % {"count": changed})
    return redirect("scim:home")


def _home(request: ActorRequest, form: TokenForm) -> HttpResponse:
    actor, may_change, moment = request.actor, may_update(request.actor), now()
    tokens = tokens_of(actor)
    rows = provisioning_log(actor, many=_SHOWN, refused_alone=request.GET.get("only") == "refused")
    context: dict[str, Any] = {
        "form": form,
        "address": _address(),
        "is_on": provisioning(actor).scim,
        "tokens": [{"one": one, "expired": one.expires <= moment} for one in tokens],
        "may_make": sum(one.expires > moment for one in tokens) < LIVE_AT_ONCE,
        "log": [_row(one) for one in rows],
        "refused_alone": request.GET.get("only") == "refused",
        "people": in_care(actor),
        "stakes": stakes_in_care(actor) if may_change else None,
        "heir": provisioning(actor).heir is not None,
    }
    return _page(request, "provisioning", context, form)


def _row(one: LogView) -> dict[str, Any]:
    who = name_behind(one.whom) or one.whom
    reason = _(one.reason) if one.reason else ""  # kept in English, as the provider was told
    return {"at": one.at, "token": one.token, "act": one.act.words, "whom": who, "done": one.done, "reason": reason}


def _page(
    request: ActorRequest, template: str, context: dict[str, Any], form: forms.Form | None = None
) -> HttpResponse:
    frame = {
        "profile_tabs": tabs(request.actor, "scim:home"),
        "crumbs": [{"label": _("Provisioning"), "url": reverse("scim:home")}],
        "may_change": may_update(request.actor),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    return render(request, f"scim/{template}.html", frame | context, status=status)


def _address() -> str:
    return f"{settings.MUNIMENT_BASE_URL.origin}/scim/v2"
