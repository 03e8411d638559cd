"""How SCIM says that something went wrong (RFC 7644, section 3.12), where nothing of a request was read yet.

What `scim2_server` answers, byte for byte, without it: every process that refuses would have to load it.
"""

from http import HTTPStatus

from django.http import JsonResponse

_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def error_answer(status: int, sentence: str) -> JsonResponse:
    """For a refusal before it was known what is asked."""
    body = {"schemas": [_ERROR], "status": str(int(status)), "detail": sentence}
    answer = JsonResponse(body, status=status, content_type="application/scim+json")
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="SCIM"'
    return answer
