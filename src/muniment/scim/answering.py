"""Between HTTP and the protocol's library: what was asked, as it reads it; what it answers, as Django sends it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from muniment.scim.serving import serve
from muniment.scim.types import BODY

if TYPE_CHECKING:
    from muniment.scim.tokens import Holder


def answer(request: HttpRequest, path: str, *, holder: "Holder") -> HttpResponse:
    """UnreadablePostError where the connection breaks off."""
    return _http(serve(holder, _asked(request, path)))


def _asked(request: HttpRequest, path: str) -> ScimRequest:
    """One byte more than may be: then it is refused as too large."""
    try:
        body = request.read(BODY + 1)
    except RequestDataTooBig:
        body = b" " * (BODY + 1)
    return ScimRequest(
        method=request.method or "",
        base_url=f"{settings.MUNIMENT_BASE_URL.origin}/scim/v2",
        path=f"/{path}",
        query=request.GET.dict(),
        headers=dict(request.headers),
        body=body,
    )


def _http(answer: ScimResponse) -> HttpResponse:
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Type"}
    kind = answer.headers["Content-Type"]
    if answer.body is None:
        return HttpResponse(status=answer.status, headers=headers, content_type=kind)
    return JsonResponse(answer.body, status=answer.status, headers=headers, content_type=kind)
