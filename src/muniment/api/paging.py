"""Long lists cut into pages."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator


def page_of(found: Sequence[Any], page: int, *, rows: int) -> tuple["Page[Any] | None", "Paginator[Any]"]:
    """`found`: anything with a length that can be sliced. A page beyond the last is None: who follows the pages while
    something is deleted is not refused.
    """
    paginator = Paginator(found, rows)
    return (paginator.page(page) if page <= paginator.num_pages else None), paginator
