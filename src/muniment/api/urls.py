"""Addresses of this room."""

from collections.abc import Callable
from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from ninja import NinjaAPI

from muniment.api import views
from muniment.api.openai.routes import api as openai
from muniment.api.own.routes import api as own
from muniment.api.v1.routes import api as v1


def _open(api: NinjaAPI) -> tuple[list[URLPattern], str, str]:
    """Who calls is known by the key, not by a session: the page of sign-in leads a program nowhere."""
    made, app, namespace = api.urls
    patterns = [one for one in made if isinstance(one, URLPattern) and one.name != "api-root"]  # that answers nothing
    for pattern in patterns:
        login_not_required(cast("Callable[..., HttpResponseBase]", pattern.callback))
    return patterns, app, namespace


app_name = "api"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("openapi.json", views.openapi, name="openapi"),
    path("developers", views.developers, name="developers"),
    path("v1/", _open(openai)),
    path("api/muniment/", _open(own)),
    path("api/v1/", _open(v1)),
]
