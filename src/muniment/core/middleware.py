"""A base for middleware that only looks at a request and its response, without waiting for anything."""

from collections.abc import Awaitable, Callable
from typing import ClassVar, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class InlineMiddleware:
    """Runs `before` and `after` in place, also under ASGI: Django's own base would change threads for each of them."""

    sync_capable: ClassVar[bool] = True
    async_capable: ClassVar[bool] = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response
        self._async = iscoroutinefunction(get_response)
        if self._async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self._async:
            return self._acall(request)
        early = self.before(request)
        return self.after(request, early or cast("HttpResponseBase", self.get_response(request)))

    async def _acall(self, request: HttpRequest) -> HttpResponseBase:
        early = self.before(request)
        return self.after(request, early or await cast("Awaitable[HttpResponseBase]", self.get_response(request)))

    def before(self, request: HttpRequest) -> HttpResponseBase | None:  # noqa: ARG002
        """A response ends the request here."""
        return None

    def after(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:  # noqa: ARG002
        return response
