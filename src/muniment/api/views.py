"""Health for those who watch the process, numbers for those who watch the machine."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from muniment.api.description import description
from muniment.api.health import readiness
from muniment.api.metrics import CONTENT_TYPE, exposition
from muniment.api.policies import may_read_metrics
from muniment.api.reference import reference


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The process lives and answers. Nothing else is looked at."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 when every part works, else 503; words alone, so anybody who can reach the server may see it."""
    parts = readiness()
    ready = all(parts.values())
    body = {"status": "ready" if ready else "not ready", "parts": {name: _word(works) for name, works in parts.items()}}
    return JsonResponse(body, status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """There only when MUNIMENT_METRICS is on, and only for this machine and for signed-in owners."""
    if not settings.MUNIMENT_METRICS or not may_read_metrics(request):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE)


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The description of every API, for programs that make clients of it."""
    return JsonResponse(description())


@require_safe
def developers(request: HttpRequest) -> HttpResponse:
    """The same for people, on the server they ask: it needs nothing from elsewhere."""
    context = {
        "parts": reference(),
        "origin": settings.MUNIMENT_BASE_URL.origin,
        "crumbs": [{"label": _("The API"), "url": "/developers"}],
    }
    return render(request, "api/reference.html", context)


def _word(works: bool) -> str:
    return "ok" if works else "failing"
