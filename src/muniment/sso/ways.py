"""What a session that a provider opened does otherwise than others: confirming, and signing out."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from muniment.sso.leading_page import led
from muniment.sso.leaving import SESSION_LEAVING, sign_out_there
from muniment.sso.letting_in import SESSION_CONNECTION


def way_to_confirm(session: Mapping[str, Any], *, after: str) -> str | None:
    """As `core.registries.ConfirmWay`."""
    return f"{reverse('sso:confirm')}?{urlencode({'next': after})}" if session.get(SESSION_CONNECTION) else None


def way_to_sign_out(session: Mapping[str, Any]) -> Callable[[HttpRequest], HttpResponse] | None:
    """As `core.registries.SignOutWay`. The new, nameless session remembers what was asked, for the answer to it."""
    found = sign_out_there(session)
    if found is None:
        return None
    connection, request_id, leading = found

    def leave(request: HttpRequest) -> HttpResponse:
        request.session[SESSION_LEAVING] = {connection.pk: request_id}
        return led(request, leading)

    return leave
