"""The door all addresses of this API share: a key, its errors, an agent by its number."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http.response import HttpResponseBase
from ninja import NinjaAPI

from muniment.agents.selectors import agent
from muniment.api.authentication import ByKey, KeyRequest
from muniment.api.numbers import ref_of
from muniment.api.problems import refuse_in_words
from muniment.api.v1.envelopes import failure
from muniment.core.errors import NotFoundError

if TYPE_CHECKING:
    from muniment.agents.models import Agent

Route = tuple[str, str, str, Callable[..., HttpResponseBase]]
"""Method, path, name, view."""
WEBSITES = "Websites are not read yet. Upload their pages as files."


def new_api() -> NinjaAPI:
    api = NinjaAPI(
        title="CustomGPT.ai's API, version 1",
        version="1.0.0",
        urls_namespace="v1",
        auth=ByKey(),
        docs_url=None,
        openapi_url=None,
    )
    refuse_in_words(api, failure)
    return api


def project(request: KeyRequest, number: int) -> "Agent":
    """The agent with this number, for who may see it. NotFoundError."""
    try:
        return agent(request.actor, ref_of(number))
    except NotFoundError:
        raise NotFoundError(f"Agent with id {number} not found") from None
