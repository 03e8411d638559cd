"""A chat user signs out: here, and at the provider, where that says that it can be.

Attack stopped: who sits down next at a school's computer presses the button to sign in, and the provider, where the
last one is signed in still, waves him through.
"""

from typing import TYPE_CHECKING

from django.shortcuts import redirect

from muniment.sso.chat_cookie import chat_address, drop_chat_cookie
from muniment.sso.chat_users import end_chat_session
from muniment.sso.leading_page import led
from muniment.sso.leaving import SESSION_LEAVING, asked_to_end
from muniment.sso.session_index import told_index

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SESSION_LEFT = "sso_left_chat"
"""In a session: the agent whose chat was left, by connection, until the provider's answer comes."""


def leave_chat(*, request: "HttpRequest", agent: str, token: str) -> "HttpResponse":
    """The answer to whoever presses the button, also with a token that is none."""
    ended = end_chat_session(token=token, agent=agent)
    response: HttpResponse = redirect(chat_address(agent))
    if ended is not None:
        user = ended.chat_user
        visit = {
            "name_id": user.subject,
            "format": ended.name_id_format,
            "index": told_index(ended.session_index),
            "id_token": ended.id_token,
        }
        found = asked_to_end(user.connection, visit)
        if found is not None:
            request_id, leading = found
            pk = user.connection_id
            request.session[SESSION_LEAVING] = request.session.get(SESSION_LEAVING, {}) | {pk: request_id}
            request.session[SESSION_LEFT] = request.session.get(SESSION_LEFT, {}) | {pk: agent}
            response = led(request, leading)
    drop_chat_cookie(response, agent=agent)
    return response


def chat_left(request: "HttpRequest", connection: str) -> str:
    """Where who has left a chat by this connection is led back to, once; empty for everybody else."""
    left: dict[str, str] = request.session.get(SESSION_LEFT, {})
    if connection not in left:
        return ""
    request.session[SESSION_LEFT] = {pk: agent for pk, agent in left.items() if pk != connection}
    return chat_address(left[connection])
