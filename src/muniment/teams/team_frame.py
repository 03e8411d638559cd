"""What stands around every page of a team: its tabs, and where in them the page is (team/team_frame.html)."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from muniment.core.permissions import Permission
from muniment.core.requests import ActorRequest
from muniment.teams.policies import may

TABS: dict[str, tuple[str, Promise, Permission]] = {
    "members": ("/members", _("Members"), Permission.MEMBER_VIEW),
    "roles": ("/roles", _("Roles"), Permission.ROLE_VIEW),
    "keys": ("/keys", _("API keys"), Permission.KEY_CREATE),
    "credits": ("/team/credits", _("Credits"), Permission.CREDIT_VIEW),
    "sign_in": ("/team/sign-in", _("Sign-in"), Permission.POLICY_VIEW),
}


def team_page(
    request: ActorRequest,
    template: str,
    tab: str,
    context: dict[str, Any],
    *,
    under: str = "",
    at: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """`under`: what the page is called below its tab, `at` its address where that is not the one asked for."""
    url, label, _permission = TABS[tab]
    crumbs = [{"label": label, "url": url}]
    if under:
        crumbs.append({"label": under, "url": at or request.path})
    tabs = [
        {"label": label, "url": url, "current": name == tab}
        for name, (url, label, permission) in TABS.items()
        if may(request.actor, permission)
    ]
    return render(request, template, context | {"team_tabs": tabs, "crumbs": crumbs}, status=status)
