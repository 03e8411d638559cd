"""The page that takes a browser to the provider: by itself, and by a button where it does not.

A form of ours may be sent nowhere but here (form-action of the content policy), and that holds for where its answer
redirects to. So the answer is a page. It may post to the one provider it is for, and to nobody else.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muniment.sso.types import Leading


def led(request: HttpRequest, leading: Leading) -> HttpResponse:
    parts = urlsplit(leading.address)
    origin = f"{parts.scheme}://{parts.netloc}"
    context = {"address": leading.address, "fields": leading.fields, "host": parts.hostname}
    shown = render(request, "sso/leading.html", context)
    if leading.fields:
        setattr(shown, "_csp_update", {"form-action": [origin]})  # noqa: B010 - as csp.decorators.csp_update does
    shown["Cache-Control"] = "no-store"
    return shown
