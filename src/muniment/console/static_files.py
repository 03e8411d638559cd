"""What pages load: style, scripts, fonts. Found once at the start, and never looked for by what a request says."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from servestatic.middleware import ServeStaticMiddleware


async def _nobody(_request: HttpRequest) -> HttpResponseBase:
    raise NotImplementedError


@cache
def _files() -> dict[str, Any]:
    """By address. They are what was installed, and looked at once in a process."""
    files: dict[str, Any] = ServeStaticMiddleware(_nobody).files
    return files


class StaticFiles:
    """servestatic's files and answers (ranges, ETags, types), without its event loop: the whole way is one thread's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._files = _files()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        file = self._files.get(request.path_info)
        if file is None:
            return self.get_response(request)
        found = file.get_response(request.method or "", request.META)
        content = b""
        if found.file is not None:
            with found.file:
                content = found.file.read()
        headers = {name: value for name, value in found.headers if value is not None}
        return HttpResponse(content, status=int(found.status), headers=headers)
