"""The door of SCIM: a token, a limit of how often and how much, then `scim.serving.serve`."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from muniment.core.errors import TooManyRequestsError
from muniment.core.rates import Buckets
from muniment.scim.errors import TokenRefusedError
from muniment.scim.services import error_answer, holder_of
from muniment.scim.serving import serve
from muniment.scim.types import BODY

_buckets = Buckets()


@login_not_required
@csrf_exempt  # no cookie counts here: `api.middleware.KeysAlone`
def scim(request: HttpRequest, path: str = "") -> HttpResponse:
    """RFC 7644. Nothing of the body is read before the token is known."""
    try:
        holder = holder_of(_token(request))
        rate = _buckets.take(holder.token, limit=settings.MUNIMENT_API_RATE)
        answer: HttpResponse = _http(serve(holder, _asked(request, path)))
    except TokenRefusedError as error:
        return error_answer(HTTPStatus.UNAUTHORIZED, str(error))
    except TooManyRequestsError as error:
        answer = error_answer(HTTPStatus.TOO_MANY_REQUESTS, str(error))
        answer.headers["Retry-After"] = str(error.after)
        return answer
    except UnreadablePostError:
        return error_answer(HTTPStatus.BAD_REQUEST, "The connection broke off. Send it again.")
    for name, value in rate.headers.items():
        answer.headers[name] = value
    return answer


def _token(request: HttpRequest) -> str:
    """`Authorization: Bearer <token>` (RFC 6750, section 2.1)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


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
