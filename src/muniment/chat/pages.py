"""Turns, sources and lists of conversations as the templates of `chat/` ask for them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, TypedDict

from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from muniment.chat.addresses import talk_address
from muniment.chat.markdown import render
from muniment.chat.selectors import NOT_HELD, ShownCitation, ShownTurn, Talk, place_address
from muniment.chat.types import Citation, Feedback, Sentence
from muniment.core.clock import now

VERDICTS = {Feedback.NONE: "", Feedback.HELPFUL: "up", Feedback.UNHELPFUL: "down"}


class Source(TypedDict):
    """One place an answer rests on; `url` opens the document there."""

    number: int
    document: str
    document_id: str
    page: int | None
    quote: str
    url: str


def source(citation: Citation | ShownCitation, *, number: int, name: str, pages: str, answer: str) -> Source:
    """`pages`: as `addresses.pages_of`."""
    return {
        "number": number,
        "document": name,
        "document_id": citation.document,
        "page": citation.page,
        "quote": citation.quote,
        "url": place_address(pages, citation, answer),
    }


def refusal_html(no_answer: str) -> SafeString:
    """What is said when the documents do not hold the answer: the agent's own words, or ours."""
    return mark_safe(linebreaks(no_answer or str(NOT_HELD), autoescape=True))  # noqa: S308 - escaped by `linebreaks`


def turn_entry(turn: ShownTurn, *, pages: str, no_answer: str) -> dict[str, Any]:
    """Context of chat/turn.html."""
    state = turn_state(turn)
    html: str = {"refused": refusal_html(no_answer)}.get(state, "")
    trouble = {"failed": _("No answer was kept. Ask again."), "unavailable": _("The model did not answer to its end.")}
    return {
        "id": turn.id,
        "question": turn.question,
        "searched_for": turn.searched_for,
        "state": state,
        "html": html or answer_html(turn),
        "trouble": trouble.get(state, ""),
        "by_words": turn.by_words,
        "passages": [
            source(one, number=one.number, name=one.name, pages=pages, answer=turn.id) for one in turn.citations
        ],
        "verdict": VERDICTS[turn.feedback],
        "comment": turn.comment,
    }


def turn_state(turn: ShownTurn) -> str:
    """answered, refused, stopped, unavailable (the model did not answer, or not to its end), or failed: the server
    ended, or it was stopped, before the first sentence.
    """
    if turn.refused:
        return "refused"
    if turn.unavailable:
        return "unavailable"
    if not turn.sentences:
        return "failed"
    return "stopped" if turn.stopped else "answered"


def answer_html(turn: ShownTurn) -> SafeString:
    """The answer as it was given; where its words went with an erased document, or wait to be masked again, that is
    said in their place.
    """
    cited = {one.number: Citation(one.document, 0, one.page, one.start, one.end, one.quote) for one in turn.citations}
    numbers = {citation: number for number, citation in cited.items()}
    parts: list[str] = []
    deleted, waits = _("What stood here was deleted with its document."), _("What stood here is being prepared again.")
    for gone, some in groupby(turn.sentences, key=lambda one: (waits if one.waits else deleted) * (one.text is None)):
        if gone:
            parts.append(format_html("<p>[{}]</p>", gone))
            continue
        sentences = [Sentence(one.text or "", tuple(cited[n] for n in one.numbers), one.paragraph) for one in some]
        parts.append(render(sentences, message=turn.id, numbers=numbers))
    return mark_safe("".join(parts))  # noqa: S308 - every part is written by `render` or `format_html`


def talks_by_day(talks: Sequence[Talk], *, pages: str, current: str | None) -> list[dict[str, Any]]:
    """Context of chat/talks.html. `talks` are ordered, the newest first."""
    return [
        {"label": label, "entries": [_talk_entry(talk, pages, current=talk.id == current) for talk in some]}
        for label, some in groupby(talks, key=lambda talk: _when(talk.asked_at))
    ]


def talk_rows(talks: Iterable[Talk], *, pages: str = "") -> Iterator[dict[str, Any]]:
    """Rows of chat/conversations.html. `pages`: where they lie, other than under their agents."""
    for talk in talks:
        agent = {"name": talk.agent.name, "url": talk.agent.url}
        row = {"id": talk.id, "title": talk.title, "asked_at": talk.asked_at, "questions": talk.questions}
        yield row | {"url": talk_address(pages or talk.agent.url, talk.id), "agent": agent}


def _talk_entry(talk: Talk, pages: str, *, current: bool) -> dict[str, Any]:
    return {"id": talk.id, "title": talk.title, "url": talk_address(pages, talk.id), "current": current}


def _when(asked: datetime) -> str:
    today, day = localdate(now()), localdate(asked)
    if day >= today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return _("Last seven days") if day > today - timedelta(days=7) else _("Earlier")
