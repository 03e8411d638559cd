"""What sets the API apart from pages."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.deprecation import MiddlewareMixin

from muniment.api.idempotency import HEADER, WRITES, IdempotencyError, begin, end
from muniment.api.services import refusal
from muniment.core.middleware import InlineMiddleware
from muniment.core.requests import is_api


class KeysAlone(InlineMiddleware):
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
    etag = response.headers["ETag"]
    return get_conditional_response(request, etag=etag, response=response) or response


class Once(MiddlewareMixin):
    """What is sent with an Idempotency-Key is done once: `api.idempotency`."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if not is_api(request) or request.method not in WRITES or HEADER not in request.headers:
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
