"""How every answer of this API is wrapped, and how long lists are cut into pages."""

from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from muniment.api.paging import page_of

_T = TypeVar("_T")


def success(data: Any, *, status: HTTPStatus = HTTPStatus.OK, **beside: Any) -> HttpResponse:
    """`beside`: what only we say, such as what of a request was passed over."""
    return JsonResponse({"status": "success", "data": data} | beside, status=status)


def failure(request: HttpRequest, status: HTTPStatus, sentence: str, _field: str | None = None) -> HttpResponse:
    told = {"status": "error", "url": _here(request), "data": {"code": status.value, "message": sentence}}
    return JsonResponse(told, status=status)


def paged(
    request: HttpRequest,
    found: Sequence[_T],
    *,
    page: int,
    rows: int,
    shown: Callable[[list[_T]], list[dict[str, Any]]],
) -> dict[str, Any]:
    here, paginator = page_of(found, page, rows=rows)
    entries = shown(list(here.object_list)) if here else []
    last = paginator.num_pages
    return {
        "current_page": page,
        "data": entries,
        "first_page_url": _at(request, 1),
        "from": here.start_index() if here and entries else None,
        "last_page": last,
        "last_page_url": _at(request, last),
        "next_page_url": _at(request, page + 1) if page < last else None,
        "path": _here(request),
        "per_page": rows,
        "prev_page_url": _at(request, page - 1) if page > 1 else None,
        "to": here.end_index() if here and entries else None,
        "total": paginator.count,
    }


def moment(when: datetime) -> str:
    """UTC, as this API writes it."""
    return f"{when:%Y-%m-%d %H:%M:%S}"


def address(path: str) -> str:
    return f"{settings.MUNIMENT_BASE_URL.origin}{path}"


def _here(request: HttpRequest) -> str:
    return address(request.path)


def _at(request: HttpRequest, page: int) -> str:
    asked = {name: value for name, value in request.GET.items() if name != "page"}
    return f"{_here(request)}?{urlencode(asked | {'page': page})}"
