"""What a request carries besides Django's own; for the types of views."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from muniment.core.actors import Actor

if TYPE_CHECKING:
    from muniment.agents.models import Agent


SCIM = "/scim/"
API = ("/v1/", "/api/", SCIM)


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, which comes with a key: no cookie counts, and no page answers it."""
    return request.path_info.startswith(API)


OUTSIDE = "/chat/"
_OPEN_OR_NOT = "open_or_not"
_View = TypeVar("_View", bound=Callable[..., object])


def is_outside(request: HttpRequest) -> bool:
    """Whether it is a page of outsiders: no session of a member counts there."""
    return request.path_info.startswith(OUTSIDE)


def open_or_not(view: _View) -> _View:
    """Marks a view of outsiders that is given the id of the agent, and finds out itself what is open."""
    setattr(view, _OPEN_OR_NOT, True)
    return view


def is_open_or_not(view: Callable[..., object]) -> bool:
    return getattr(view, _OPEN_OR_NOT, False) is True


def safe_path(wished: str, otherwise: str = "/") -> str:
    """An address on this server, as somebody else's link or form wants it, else another one (open redirect)."""
    is_path = wished.startswith("/") and url_has_allowed_host_and_scheme(wished, allowed_hosts=None)
    return wished if is_path else otherwise


def is_scim(request: HttpRequest) -> bool:
    """Whether a provider of identities asks. That protocol has its own preconditions and its own form of errors."""
    return request.path_info.startswith(SCIM)


class ActorRequest(HttpRequest):
    """A signed-in person's request: `teams.middleware` has found who acts before the view runs.

    `agent` is there where the address names one: `agents.middleware` has found it.
    """

    actor: Actor
    agent: "Agent"
