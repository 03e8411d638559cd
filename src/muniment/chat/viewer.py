"""What the document viewer shows: a page of a PDF as a picture with the cited places on it, or the text itself."""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from muniment.agents.selectors import may
from muniment.chat.addresses import document_address, pages_of, talk_address
from muniment.chat.document_html import Span, leaf, parts
from muniment.chat.left_out import left_out
from muniment.chat.selectors import ShownTurn, turn
from muniment.core.actors import Actor
from muniment.core.errors import MunimentError, NotFoundError, PermanentError, TransientError
from muniment.core.permissions import Permission
from muniment.core.wording import in_words
from muniment.ingest.selectors import SCALE, Opened, View, open_document, page_layout, scales
from muniment.ingest.types import DRAWN, Box, PageLayout

if TYPE_CHECKING:
    from muniment.agents.models import Agent

ZOOMS = ("fit", "50", "75", "100", "125", "150", "200")
_NUMBER = re.compile(r"[0-9]{1,9}")
_SPAN = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says beside agent and document, as it came: whatever makes no sense is left out."""

    at: str = ""
    answer: str = ""
    page: str = ""
    zoom: str = ""


def viewer_context(actor: Actor, agent: "Agent", document: str, asked: Asked) -> dict[str, Any]:
    """Context of chat/source.html. Raises NotFoundError."""
    opened = open_document(actor, agent, document)
    answer = _answer(actor, agent, asked.answer)
    view = _View(opened, _hits(answer, opened, asked.at), asked, document_address(pages_of(actor, agent), document))
    context = {
        "document": {"name": opened.document.name, "url": view.address, "language": opened.text.language},
        "back": _back(actor, agent, answer),
        "alone": view.link(page=str(view.page + 1) if view.count > 1 else ""),
        "zoom": asked.zoom if asked.zoom in ZOOMS else "fit",
        "page": view.page_links(),
        "hits": view.hit_links(),
        "original_gone": not opened.has_original and not opened.is_file_withheld,
        "is_masked": opened.is_file_withheld or (opened.view is View.WORKING and opened.document.masked > 0),
        "left_out": left_out(actor, agent, opened.text),
    }
    return context | _content(actor, agent, view)


def _answer(actor: Actor, agent: "Agent", message: str) -> ShownTurn | None:
    """The answer the person came from. A link passed on leads to the place also for who may not read the answer."""
    with suppress(NotFoundError):
        return turn(actor, agent, message) if message else None
    return None


def _hits(answer: ShownTurn | None, opened: Opened, at: str) -> tuple[list[Span], int | None]:
    """The places to mark, in the order of the text, and which of them is meant."""
    length = len(opened.text.text)
    cited = answer.citations if answer else ()
    spans = {(one.start, one.end) for one in cited if one.document == opened.document.id and one.end <= length}
    found = _SPAN.fullmatch(at)
    meant = (int(found[1]), int(found[2])) if found else None
    if meant and not meant[0] < meant[1] <= length:
        meant = None
    if meant and meant not in spans:
        spans = {meant}
    ordered = sorted(spans)
    return ordered, ordered.index(meant) if meant else (0 if ordered else None)


class _View:
    """One view of one opened document. Pages count from 0 here; where the format has none, parts of the text do."""

    def __init__(self, opened: Opened, hits: tuple[list[Span], int | None], asked: Asked, address: str) -> None:
        self.opened = opened
        self.hits, self.here = hits
        self.address = address
        self._asked = asked
        self.has_pages = bool(opened.text.pages)
        self._spans = list(opened.text.pages) or parts(opened.text)
        self.page = self._first_shown()

    @property
    def count(self) -> int:
        return len(self._spans)

    @property
    def span(self) -> Span:
        """What of the text is on this page."""
        return self._spans[self.page]

    def on_page(self) -> list[int]:
        """The hits that are on this page, or begin or end on it."""
        start, end = self.span
        return [number for number, (first, last) in enumerate(self.hits) if first < end and last > start]

    def kept(self) -> dict[str, str]:
        """What stays in every link."""
        at = "" if self.here is None else "{}-{}".format(*self.hits[self.here])
        return {"at": at, "answer": self._asked.answer, "zoom": self._asked.zoom}

    def link(self, **changed: str) -> str:
        named = {name: value for name, value in (self.kept() | changed).items() if value}
        return f"{self.address}?{urlencode(named)}" if named else self.address

    def page_links(self) -> dict[str, Any] | None:
        if self.count == 1 and not self.has_pages:
            return None
        before = self.link(page=str(self.page)) if self.page > 0 else None
        after = self.link(page=str(self.page + 2)) if self.page + 1 < self.count else None
        number = {"number": self.page + 1, "count": self.count, "is_part": not self.has_pages}
        return number | {"previous": before, "next": after}

    def hit_links(self) -> dict[str, Any] | None:
        if self.here is None:
            return None
        before = self._hit_link(self.here - 1) if self.here > 0 else None
        after = self._hit_link(self.here + 1) if self.here + 1 < len(self.hits) else None
        return {"number": self.here + 1, "count": len(self.hits), "previous": before, "next": after}

    def _hit_link(self, number: int) -> str:
        return self.link(at="{}-{}".format(*self.hits[number]))

    def _first_shown(self) -> int:
        """The page asked for, else the one on which the meant place begins, else the first."""
        wished = self._asked.page
        if _NUMBER.fullmatch(wished) and 1 <= int(wished) <= self.count:
            return int(wished) - 1
        at = self.hits[self.here][0] if self.here is not None else 0
        return next((number for number, (_start, end) in enumerate(self._spans) if at < end), 0)


def _content(actor: Actor, agent: "Agent", view: _View) -> dict[str, Any]:
    """The picture of the page where there can be one, else its text; and why, where there should be one."""
    trouble = ""
    if view.opened.text.media_type in DRAWN and view.opened.has_original:
        try:
            spans = [view.hits[number] for number in view.on_page()]
            layout = page_layout(actor, agent, view.opened, page=view.page + 1, spans=spans)
        except (PermanentError, TransientError) as error:
            layout, trouble = None, _why(error)
        if layout is not None:
            return {"sheets": [_sheet(agent, view, layout)]}
    html = leaf(view.opened.text, view.span, hits=view.hits, here=view.here)
    return {"html": html, "trouble": trouble, "is_blank": not html}


def _why(error: MunimentError) -> str:
    return _("This page could not be drawn, so its text is shown. %(why)s") % {"why": in_words(error)}


def _sheet(agent: "Agent", view: _View, layout: PageLayout) -> dict[str, Any]:
    number = view.page + 1
    shown = zip(view.on_page(), layout.boxes, strict=True)
    image = reverse("chat:viewer_page", args=[agent.id, view.opened.document.id, number])
    return {
        "number": number,
        "image": image,
        "width": round(layout.width * SCALE),
        "height": round(layout.height * SCALE),
        "finer": [
            {"image": f"{image}?scale={scale}", "width": round(layout.width * scale)} for scale in scales(layout)
        ],
        "hits": [{"here": hit == view.here, "boxes": [_box(box) for box in boxes]} for hit, boxes in shown],
    }


def _box(box: Box) -> dict[str, float]:
    return {"x": box.left, "y": box.top, "width": box.right - box.left, "height": box.bottom - box.top}


def _back(actor: Actor, agent: "Agent", answer: ShownTurn | None) -> dict[str, str]:
    if answer is not None:
        return {
            "url": f"{talk_address(pages_of(actor, agent), answer.conversation)}#turn-{answer.id}",
            "label": _("the conversation"),
        }
    if may(actor, Permission.DOCUMENT_VIEW, agent):
        return {"url": f"{agent.url}/knowledge", "label": _("Knowledge")}
    return {"url": pages_of(actor, agent), "label": agent.name}
