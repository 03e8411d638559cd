"""A base for middleware that only looks at a request and its response."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class PlainMiddleware:
    """Runs `before` and `after` in the thread of the request. Django's own base looks for either each time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.after(request, self.before(request) or self.get_response(request))

    def before(self, request: HttpRequest) -> HttpResponseBase | None:  # noqa: ARG002
        """A response ends the request here."""
        return None

    def after(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:  # noqa: ARG002
        return response
