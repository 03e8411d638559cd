"""The door of SCIM: a token, a limit of how often, then `scim.answering.answer`."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from muniment.core.errors import TooManyRequestsError
from muniment.core.rates import Buckets
from muniment.scim.errors import TokenRefusedError
from muniment.scim.services import error_answer, holder_of

if TYPE_CHECKING:
    from muniment.scim.tokens import Holder

_buckets = Buckets()


@login_not_required
@csrf_exempt  # no cookie counts here: `api.middleware.KeysAlone`
def scim(request: HttpRequest, path: str = "") -> HttpResponse:
    """RFC 7644. Nothing of the body is read before the token is known."""
    try:
        holder = holder_of(_token(request))
        rate = _buckets.take(holder.token, limit=settings.MUNIMENT_API_RATE)
        answered = _answered(request, path, holder)
    except TokenRefusedError as error:
        return error_answer(HTTPStatus.UNAUTHORIZED, str(error))
    except TooManyRequestsError as error:
        answered = error_answer(HTTPStatus.TOO_MANY_REQUESTS, str(error))
        answered.headers["Retry-After"] = str(error.after)
        return answered
    except UnreadablePostError:
        return error_answer(HTTPStatus.BAD_REQUEST, "The connection broke off. Send it again.")
    for name, value in rate.headers.items():
        answered.headers[name] = value
    return answered


def _answered(request: HttpRequest, path: str, holder: "Holder") -> HttpResponse:
    from muniment.scim.answering import answer  # noqa: PLC0415 - two seconds, which a server without a provider never takes

    return answer(request, path, holder=holder)


def _token(request: HttpRequest) -> str:
    """`Authorization: Bearer <token>` (RFC 6750, section 2.1)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
