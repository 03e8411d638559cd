"""The page that takes a browser to the provider: by itself, and by a button where it does not.

A form of ours may be sent nowhere but here (form-action of the content policy), and that holds for where its answer
redirects to. So the answer is a page. It may post to the one provider it is for, and to nobody else.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muniment.sso.chat_cookie import chat_address
from muniment.sso.leading import lead
from muniment.sso.types import Leading, Purpose

if TYPE_CHECKING:
    from muniment.sso.models import Connection


def led(request: HttpRequest, leading: Leading) -> HttpResponse:
    parts = urlsplit(leading.address)
    origin = f"{parts.scheme}://{parts.netloc}"
    context = {"address": leading.address, "fields": leading.fields, "host": parts.hostname}
    shown = render(request, "sso/leading.html", context)
    if leading.fields:
        setattr(shown, "_csp_update", {"form-action": [origin]})  # noqa: B010 - as csp.decorators.csp_update does
    shown["Cache-Control"] = "no-store"
    return shown


def lead_to_chat(*, request: HttpRequest, connection: "Connection", agent: str) -> HttpResponse:
    """Sends this browser to be asked who it is, to ask this agent. Raises what `leading.lead` raises."""
    after = chat_address(agent)
    return led(request, lead(request=request, connection=connection, purpose=Purpose.CHAT, after=after, agent=agent))
