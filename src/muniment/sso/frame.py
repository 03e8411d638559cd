"""What stands around every page of single sign-on: it is a tab of My Profile."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from muniment.accounts.profile_frame import tabs
from muniment.accounts.selectors import confirmation_address, confirmed_for_team
from muniment.core.requests import ActorRequest
from muniment.sso.policies import may_update, require_update, require_view
from muniment.sso.selectors import connection_of
from muniment.teams.selectors import domain

P = ParamSpec("P")


def sso_page(
    request: ActorRequest,
    template: str,
    context: dict[str, Any],
    *,
    under: tuple[tuple[str, str], ...] = (),
    form: forms.Form | None = None,
) -> HttpResponse:
    """`under`: (label, address) of each page below Single sign-on."""
    require_view(request.actor)
    crumbs = [{"label": _("Single sign-on"), "url": reverse("sso:home")}]
    crumbs += [{"label": label, "url": url} for label, url in under]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    shown = {"profile_tabs": tabs(request.actor, "sso:home"), "crumbs": crumbs, "may_change": may_update(request.actor)}
    return render(request, f"sso/{template}.html", shown | context, status=status)


def confirmed(
    view: Callable[Concatenate[ActorRequest, P], HttpResponse],
) -> Callable[Concatenate[ActorRequest, P], HttpResponse]:
    """Attack stopped: whoever sits down at an owner's open browser brings a provider of his own. Password, passkey or
    provider are asked for again, then it leads back to the page. Who may not, or asks for what is not there, is told
    before.
    """

    @wraps(view)
    def asked(request: ActorRequest, /, *given: P.args, **named: P.kwargs) -> HttpResponse:
        require_update(request.actor)
        for name, find in (("connection", connection_of), ("domain", domain)):
            if name in named:
                find(request.actor, str(named[name]))
        if confirmed_for_team(request):
            return view(request, *given, **named)
        after = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("sso:home")
        return redirect(confirmation_address(after))

    return asked
