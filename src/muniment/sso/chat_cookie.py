"""The cookie of a chat user: one for each agent, and none of Django's.

Over https its name begins with __Host-, with which a browser takes it from this very host alone, over TLS and for the
whole of it (RFC 6265bis, 4.1.3.2): nobody on a neighbouring host can plant one. That is worth more than a narrow path,
which is no wall between pages of one host (RFC 6265, 8.6). Over http, on one machine, the path is the agent's chat.
"""

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


def chat_address(agent: str) -> str:
    """Where its chat users come to."""
    return f"/chat/{agent}"


def chat_token(request: "HttpRequest", agent: str) -> str:
    return request.COOKIES.get(_name(agent), "")


def set_chat_cookie(response: "HttpResponseBase", *, agent: str, token: str) -> None:
    """It ends with the browser; the session behind it by itself."""
    response.set_cookie(_name(agent), token, httponly=True, samesite="Lax", **_place(agent))


def drop_chat_cookie(response: "HttpResponseBase", *, agent: str) -> None:
    response.set_cookie(_name(agent), "", max_age=0, httponly=True, samesite="Lax", **_place(agent))


def _name(agent: str) -> str:
    return f"__Host-chat-{agent}" if settings.MUNIMENT_BASE_URL.is_https else f"chat-{agent}"


def _place(agent: str) -> dict[str, Any]:
    is_https = settings.MUNIMENT_BASE_URL.is_https
    return {"secure": is_https, "path": "/" if is_https else chat_address(agent)}
