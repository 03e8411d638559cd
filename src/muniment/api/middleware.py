"""What sets the API apart from pages."""

from collections.abc import Callable
from copy import copy
from http import HTTPStatus
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.deprecation import MiddlewareMixin

from muniment.api.idempotency import HEADER, WRITES, IdempotencyError, begin, end
from muniment.api.services import refusal
from muniment.core.middleware import PlainMiddleware
from muniment.core.requests import is_api, is_scim

_PRECONDITIONS = frozenset({"If-Match", "If-None-Match"})
_CHANGED = "This changed since you read it, and nothing was done. Read it again, then send the write with the new ETag."
_NO_ETAG = (
    "This key reads nothing at this address, so there is no ETag to compare with. Send the write without If-Match."
)


class KeysAlone(PlainMiddleware):
    """Attack stopped: a page elsewhere, or a document shown here, makes the browser of somebody signed in call the API:
    it forgets every cookie before anything reads one, and so needs no token against forged forms.
    """

    def before(self, request: HttpRequest) -> None:
        if is_api(request):
            request.META.pop("HTTP_COOKIE", None)

    def after(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if (rate := getattr(request, "rate", None)) is not None:
            for name, value in rate.headers.items():
                response.headers[name] = value
            if request.method == "GET" and isinstance(response, HttpResponse) and response.status_code == 200:
                return _conditional(request, response)
        return response


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """With an ETag; 304 without the body for who has it already (RFC 9110, sections 8.8.3 and 13.1.2)."""
    set_response_etag(response)
    return _unless_met(request, response.headers["ETag"], response) or response


def _unless_met(request: HttpRequest, etag: str | None, response: HttpResponse | None = None) -> HttpResponse | None:
    """The answer of a precondition that does not hold; None where it holds, or there is none."""
    answer = get_conditional_response(request, etag=etag, response=response)
    if answer is response or answer is None:
        return None
    if answer.status_code == HTTPStatus.PRECONDITION_FAILED:
        return refusal(request, HTTPStatus.PRECONDITION_FAILED, _CHANGED if etag else _NO_ETAG)
    return answer


def _is_ours(request: HttpRequest) -> bool:
    """Whether an API of this room is asked. SCIM has ETags of its own, inside the transaction of the write."""
    return is_api(request) and not is_scim(request)


class IfUnchanged(MiddlewareMixin):
    """A write with If-Match is done if its address still reads as it did for who sends it (RFC 9110, section 13.1.1);
    one with If-None-Match: *, if nothing is read there.

    So of two programs that read the same the second does not undo what the first wrote. Residue: the address is read
    right before the write, not in its transaction: of two that are sent in the same instant both may be done.
    """

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], given: Any, named: Any
    ) -> HttpResponse | None:
        if not _is_ours(request) or request.method not in WRITES or _PRECONDITIONS.isdisjoint(request.headers):
            return None
        reading = copy(request)
        reading.method = "GET"
        read = view(reading, *given, **named)
        if read.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS}:
            return None  # the write's own answer is that, and a precondition is for what would be done
        is_read = read.status_code == HTTPStatus.OK and isinstance(read, HttpResponse)
        if is_read:
            set_response_etag(read)
        return _unless_met(request, read.headers["ETag"] if is_read else None)


class Once(MiddlewareMixin):
    """What is sent with an Idempotency-Key is done once: `api.idempotency`."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if not _is_ours(request) or request.method not in WRITES or HEADER not in request.headers:
            return None
        try:
            attempt, repeated = begin(request)
        except IdempotencyError as error:
            return refusal(request, error.status, str(error))
        if repeated is None:
            request.META["muniment.attempt"] = attempt
        return repeated

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if attempt := request.META.pop("muniment.attempt", None):
            end(cast("str", attempt), request, response)
        return response
