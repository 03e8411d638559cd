"""What a request carries besides Django's own; for the types of views."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

from muniment.core.actors import Actor

if TYPE_CHECKING:
    from muniment.agents.models import Agent


API = ("/v1/", "/api/")


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, which comes with a key: no cookie counts, and no page answers it."""
    return request.path_info.startswith(API)


class ActorRequest(HttpRequest):
    """A signed-in person's request: `teams.middleware` has found who acts before the view runs.

    `agent` is there where the address names one: `agents.middleware` has found it.
    """

    actor: Actor
    agent: "Agent"
