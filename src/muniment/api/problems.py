"""Refusals of the API: a status, and a sentence that says what to do next, in the form its clients read."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from muniment.core.errors import (
    CorruptedError,
    MunimentError,
    NotFoundError,
    PermissionDeniedError,
    SettingsError,
    TooManyRequestsError,
    TransientError,
)
from muniment.core.faults import known, log_fault
from muniment.credits.errors import QueriesSpentError
from muniment.crypto.errors import KeyDestroyedError
from muniment.ingest.errors import UploadTooLargeError
from muniment.teams.errors import KeyRefusedError

_STATUSES: tuple[tuple[type[MunimentError], HTTPStatus], ...] = (
    (KeyRefusedError, HTTPStatus.UNAUTHORIZED),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (KeyDestroyedError, HTTPStatus.NOT_FOUND),
    (PermissionDeniedError, HTTPStatus.FORBIDDEN),
    (UploadTooLargeError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (TooManyRequestsError, HTTPStatus.TOO_MANY_REQUESTS),
    (QueriesSpentError, HTTPStatus.TOO_MANY_REQUESTS),
    (TransientError, HTTPStatus.SERVICE_UNAVAILABLE),
    (CorruptedError, HTTPStatus.INTERNAL_SERVER_ERROR),
    (SettingsError, HTTPStatus.INTERNAL_SERVER_ERROR),
)
_TYPES = {
    HTTPStatus.UNAUTHORIZED: ("authentication_error", "invalid_api_key"),
    HTTPStatus.FORBIDDEN: ("permission_error", "insufficient_permissions"),
    HTTPStatus.NOT_FOUND: ("invalid_request_error", "not_found"),
    HTTPStatus.TOO_MANY_REQUESTS: ("rate_limit_error", "rate_limit_exceeded"),
}
_FAILED = "Something failed on the server. Try again; the log of the server says where it failed."
_NO_JSON = "The body of the request is not JSON in UTF-8."
_TOO_LARGE = "The body of the request is too large. Send less."
_BROKEN_OFF = "The connection broke off before all had arrived. Nothing was kept; send it again."
_NO_KEY = "Send an API key: Authorization: Bearer <key>. Make one on the page API keys of your team."


Form = Callable[[HttpRequest, HTTPStatus, str, str | None], HttpResponse]
"""How one API words a refusal: status, sentence, and the field of the request that is wrong."""


def error_object(status: HTTPStatus, sentence: str, field: str | None = None) -> dict[str, Any]:
    """As OpenAI's clients read it."""
    kind, code = _TYPES.get(status, ("invalid_request_error" if status < 500 else "server_error", None))
    return {"error": {"message": sentence, "type": kind, "param": field, "code": code}}


def openai_form(_request: HttpRequest, status: HTTPStatus, sentence: str, field: str | None = None) -> HttpResponse:
    return JsonResponse(error_object(status, sentence, field), status=status)


def problem_form(_request: HttpRequest, status: HTTPStatus, sentence: str, field: str | None = None) -> HttpResponse:
    """RFC 9457. `field` is an extension of ours."""
    told = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": sentence}
    content = told | ({"field": field} if field else {})
    return JsonResponse(content, status=status, content_type="application/problem+json")


def told_of(error: Exception) -> tuple[HTTPStatus, str]:
    """Status and sentence. What is no error of ours is logged by its place alone."""
    ours = known(error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if ours is not None:
        status = next((status for kind, status in _STATUSES if isinstance(ours, kind)), HTTPStatus.BAD_REQUEST)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log_fault(error)
    return status, str(ours) if ours else _FAILED


def refuse_in_words(api: NinjaAPI, form: Form) -> None:
    """Every error of this API becomes a refusal in its form."""

    def any_error(request: HttpRequest, error: Any) -> HttpResponse:
        answer = form(request, *told_of(error), None)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            answer.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110, section 11.6.1
        if isinstance(error, TooManyRequestsError | QueriesSpentError):
            answer.headers["Retry-After"] = str(error.after)
        if isinstance(error, QueriesSpentError):
            answer.headers["X-Should-Retry"] = "false"  # OpenAI's clients would ask twice more within seconds
        return answer

    def invalid(request: HttpRequest, error: Any) -> HttpResponse:
        """The first thing that is wrong, by its place: what was sent is not sent back, it may be anything."""
        first = error.errors[0]
        place = ".".join(str(one) for one in first["loc"] if one not in {"body", "query", "path"})
        return form(request, HTTPStatus.BAD_REQUEST, f"{place or 'The request'}: {first['msg']}.", place or None)

    def worded(status: HTTPStatus, sentence: str) -> Callable[[HttpRequest, Any], HttpResponse]:
        return lambda request, _error: form(request, status, sentence, None)

    api.add_exception_handler(Exception, any_error)
    api.add_exception_handler(AuthenticationError, lambda request, _: any_error(request, KeyRefusedError(_NO_KEY)))
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(HttpError, worded(HTTPStatus.BAD_REQUEST, _NO_JSON))
    api.add_exception_handler(RequestDataTooBig, worded(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE))
    api.add_exception_handler(UnreadablePostError, worded(HTTPStatus.BAD_REQUEST, _BROKEN_OFF))
