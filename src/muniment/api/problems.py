"""Refusals of the API: a status, and a sentence that says what to do next, in the form its clients read."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from muniment.api.errors import TooManyRequestsError
from muniment.core.errors import (
    CorruptedError,
    MunimentError,
    NotFoundError,
    PermissionDeniedError,
    SettingsError,
    TransientError,
)
from muniment.core.faults import known, log_fault
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
_NO_KEY = "Send an API key: Authorization: Bearer <key>. Make one on the page API keys of your team."


def error_object(status: HTTPStatus, sentence: str, *, field: str | None = None) -> dict[str, Any]:
    """As OpenAI's clients read it. `field`: the one of the request that is wrong."""
    kind, code = _TYPES.get(status, ("invalid_request_error" if status < 500 else "server_error", None))
    return {"error": {"message": sentence, "type": kind, "param": field, "code": code}}


def problem(status: HTTPStatus, sentence: str, *, field: str | None = None) -> HttpResponse:
    answer = JsonResponse(error_object(status, sentence, field=field), status=status)
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110, section 11.6.1
    return answer


def told_of(error: Exception) -> tuple[HTTPStatus, str]:
    """Status and sentence. What is no error of ours is logged by its place alone."""
    ours = known(error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if ours is not None:
        status = next((status for kind, status in _STATUSES if isinstance(ours, kind)), HTTPStatus.BAD_REQUEST)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log_fault(error)
    return status, str(ours) if ours else _FAILED


def refuse_in_words(api: NinjaAPI) -> None:
    """Every error of this API becomes one of its refusals."""
    api.add_exception_handler(Exception, _any)
    api.add_exception_handler(AuthenticationError, _without_key)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _unreadable)
    api.add_exception_handler(RequestDataTooBig, _too_big)


def _any(_request: HttpRequest, error: Any) -> HttpResponse:
    answer = problem(*told_of(error))
    if isinstance(error, TooManyRequestsError):
        answer.headers["Retry-After"] = str(error.after)
    return answer


def _without_key(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(HTTPStatus.UNAUTHORIZED, _NO_KEY)


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    """The first thing that is wrong, by its place: what was sent is not sent back, it may be anything."""
    first = error.errors[0]
    place = ".".join(str(one) for one in first["loc"] if one not in {"body", "query", "path"})
    return problem(HTTPStatus.BAD_REQUEST, f"{place or 'The request'}: {first['msg']}.", field=place or None)


def _unreadable(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(HTTPStatus(error.status_code), "The body of the request is not JSON in UTF-8.")


def _too_big(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body of the request is too large. Send less.")
