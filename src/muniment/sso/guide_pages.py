"""Guides to identity providers, and their pictures."""

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from muniment.core.requests import ActorRequest
from muniment.sso import guides
from muniment.sso.frame import sso_page
from muniment.sso.policies import require_view
from muniment.sso.selectors import connection_of


@require_safe
def guide(request: ActorRequest, connection: str, guide: str) -> HttpResponse:
    found = connection_of(request.actor, connection)
    shown = guides.guide(found, guide, to_guide=partial(_address, found.pk), to_picture=_picture)
    under = ((found.name, reverse("sso:connection", args=[found.pk])), (shown.title, request.path))
    return sso_page(request, "guide", {"guide": shown}, under=under)


@require_safe
def picture(request: ActorRequest, picture: str) -> HttpResponse:
    require_view(request.actor)
    kind = "image/svg+xml" if picture.endswith(".svg") else "image/png"
    return HttpResponse(guides.picture(picture), content_type=kind)


def _address(connection: str, name: str) -> str:
    return reverse("sso:guide", args=[connection, name])


def _picture(name: str) -> str:
    return reverse("sso:guide_picture", args=[name])
