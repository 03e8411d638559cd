"""What the pages of My Profile share."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from muniment.accounts.policies import require_own_door
from muniment.accounts.selectors import confirmation_address, own_account, recently_confirmed
from muniment.accounts.types import Ceremony
from muniment.core.registries import sign_in_doors
from muniment.core.requests import ActorRequest, safe_path

SESSION_CEREMONY = "ceremony"

P = ParamSpec("P")


def confirmed(
    view: Callable[Concatenate[ActorRequest, P], HttpResponse],
) -> Callable[Concatenate[ActorRequest, P], HttpResponse]:
    """Asks for the password first, unless it was asked for a moment ago; then leads back here, or to Security. A
    session that a provider opened is told that it cannot.
    """

    @wraps(view)
    def asked(request: ActorRequest, /, *given: P.args, **named: P.kwargs) -> HttpResponse:
        require_own_door(request.actor, own_account(request.actor))
        if recently_confirmed(request):
            return view(request, *given, **named)
        after = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("accounts:security")
        return redirect(confirmation_address(after))

    return asked


def safe_next(request: HttpRequest, otherwise: str = "/") -> str:
    """Where to go after signing in: an address on this server, else home (open redirect)."""
    return safe_path(request.POST.get("next") or request.GET.get("next") or "", otherwise)


def keep_ceremony(request: HttpRequest, ceremony: Ceremony) -> dict[str, Any]:
    """What the browser is told; the challenge stays in the session until it answers."""
    request.session[SESSION_CEREMONY] = dict(ceremony.state)
    return dict(ceremony.options)


def take_ceremony(request: HttpRequest) -> dict[str, Any]:
    """Attack stopped: an answer sent a second time. Its challenge is gone with the first."""
    return dict(request.session.pop(SESSION_CEREMONY, {}))


def shown_codes(request: ActorRequest, codes: list[str]) -> HttpResponse:
    """The one time recovery codes are shown: in the answer itself, kept nowhere."""
    context = {"codes": codes, "file": "\r\n".join(codes), "crumbs": crumbs((_("Security"), "security"))}
    return render(request, "accounts/recovery_codes.html", context)


def status_of(form: forms.Form) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def crumbs(*further: tuple[str, str]) -> list[dict[str, str]]:
    """`further`: (label, name of the route) of each page below My profile."""
    first = {"label": _("My profile"), "url": reverse("accounts:profile")}
    return [first, *({"label": label, "url": reverse(f"accounts:{name}")} for label, name in further)]


def sign_in_doors_open() -> list[dict[str, object]]:
    """The other ways in that there are now (`core.registries.SignInDoor`)."""
    doors = (door for _name, door in sign_in_doors.items() if door.is_open())
    return [{"label": door.label, "url": reverse(door.route)} for door in doors]
