"""One page for each status, and a log line that tells where a fault is without telling what was being worked on."""

import logging
import sys
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from muniment.api.services import refusal
from muniment.core.errors import (
    CorruptedError,
    MunimentError,
    NotFoundError,
    PermissionDeniedError,
    SettingsError,
    TransientError,
)
from muniment.core.faults import log_fault, places
from muniment.core.requests import is_api
from muniment.core.wording import in_words
from muniment.credits.errors import QueriesSpentError
from muniment.crypto.errors import KeyDestroyedError
from muniment.ingest.errors import UploadTooLargeError
from muniment.silo.errors import SiloCorruptedError

_log = logging.getLogger("muniment.fault")
# (error, status, whether its sentence is shown: what is not there or not allowed is said in the page's own words)
_PAGES = (
    (NotFoundError, HTTPStatus.NOT_FOUND, False),
    (KeyDestroyedError, HTTPStatus.NOT_FOUND, False),  # erased by somebody else while this was under way
    (PermissionDeniedError, HTTPStatus.FORBIDDEN, False),
    (QueriesSpentError, HTTPStatus.TOO_MANY_REQUESTS, True),
    (UploadTooLargeError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, True),
    (TransientError, HTTPStatus.SERVICE_UNAVAILABLE, True),
)
_SENTENCES = {
    HTTPStatus.FORBIDDEN: _("Your role does not allow this. Nothing was changed."),
    HTTPStatus.NOT_FOUND: _("It was deleted meanwhile, or is not shared with you."),
}


def answer_to(request: HttpRequest, error: MunimentError) -> HttpResponse:
    """The page for an error of ours. Foreign things raise NotFoundError, so that a 403 never tells that they exist."""
    for kind, status, tells in _PAGES:
        if isinstance(error, kind):
            return _page(request, status, reason=_said(request, error) if tells else "")
    if isinstance(error, SiloCorruptedError) and hasattr(request, "agent"):
        log_fault(error)
        return _damaged(request, in_words(error))
    if isinstance(error, CorruptedError | SettingsError):
        _log.error("%s: %s %s", type(error).__name__, error, places(error))
        return server_error(request)
    return bad_request(request, reason=_said(request, error))


def _said(request: HttpRequest, error: MunimentError) -> str:
    """The API speaks English, whatever the browser says: its clients read it, or show it beside words of their own."""
    return str(error) if is_api(request) else in_words(error)


def bad_request(request: HttpRequest, exception: Exception | None = None, *, reason: str = "") -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return _page(request, HTTPStatus.BAD_REQUEST, reason=reason)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _page(request, HTTPStatus.NOT_FOUND)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _page(request, HTTPStatus.TOO_MANY_REQUESTS)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a page that needs nothing, for when all is broken
    """Called by Django while it handles the exception. Its message is not logged: it may hold what people typed."""
    error = sys.exception()
    if error is not None and not isinstance(error, MunimentError):
        log_fault(error)
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _damaged(request: HttpRequest, reason: str) -> HttpResponse:
    """One agent cannot be opened: its own page says so, with what still works around it."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"sentence": reason}, status=HTTPStatus.INTERNAL_SERVER_ERROR)
    return render(request, "agents/damaged.html", {"reason": reason}, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(request: HttpRequest, status: HTTPStatus, *, reason: str = "") -> HttpResponse:
    if is_api(request):
        with override("en"):
            return refusal(request, status, reason or str(_SENTENCES.get(status, "")))
    if request.headers.get("Accept") == "application/json":  # a page's own script shows the sentence in its place
        return JsonResponse({"sentence": reason or _SENTENCES.get(status, "")}, status=status)
    return render(request, f"{status.value}.html", {"reason": reason}, status=status)
