"""An answer while it is made, as server-sent events (WHATWG HTML, section 9.2). The protocol: docs/rooms/look.md.

The services are synchronous: each answer is made in one of a few threads, and its events cross to the event loop,
which sends each at once. 50 who ask at the same time wait for one another, not for a thread each; who waits hears so.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext

from muniment.chat.errors import CarriedError
from muniment.chat.markdown import numbers_of, render
from muniment.chat.pages import Source, refusal_html, source
from muniment.chat.types import (
    AskEvent,
    Citation,
    Finished,
    Found,
    ModelDown,
    Refused,
    Said,
    Sentence,
    Started,
    Withdrawn,
)
from muniment.core.errors import CorruptedError
from muniment.core.faults import known, log_fault
from muniment.core.relay import event, relayed
from muniment.core.turns import Turns
from muniment.core.wording import in_words

Names = Callable[[set[str]], dict[str, str]]
Asking = Callable[[Callable[[], bool]], Iterator[AskEvent]]


def stream(
    asking: Asking, *, turns: Turns, person: str, pages: str, no_answer: str, names: Names
) -> AsyncIterator[bytes]:
    """`asking` is given a function that says whether the client has left. `person`: whose of the turns it takes;
    `pages`: as `addresses.pages_of`.
    """

    def events(left: Callable[[], bool]) -> Iterator[bytes]:
        for name, data in _guarded(asking(left), pages=pages, no_answer=no_answer, names=names):
            yield event(data, name=name)

    return relayed(events, turns=turns, person=person, opening=event({"step": "searching"}, name="status"))


def _guarded(events: Iterator[AskEvent], *, pages: str, no_answer: str, names: Names) -> Iterator[tuple[str, Any]]:
    """What goes wrong is the last event, in one sentence: the response has begun, there is no other place for it."""
    try:
        yield from told(events, pages=pages, no_answer=no_answer, names=names)
    except Exception as error:  # noqa: BLE001 - uvicorn would log its message, which may hold the question
        ours = known(error)
        if ours is None or isinstance(ours, CorruptedError):
            log_fault(error)
        failed = gettext("Something failed on the server. Your question is kept; ask it again.")
        forgotten = {"forgotten": True} if isinstance(error, CarriedError) else {}
        yield "error", {"sentence": in_words(ours) if ours else failed} | forgotten


def told(events: Iterable[AskEvent], *, pages: str, no_answer: str, names: Names) -> Iterator[tuple[str, Any]]:
    """Name and data of each event to send. `names` gives the names of documents by their ids."""
    teller = _Teller(pages, names)
    for each in events:
        if isinstance(each, Started):
            yield "question", teller.started(each)
        elif isinstance(each, Found):
            yield "status", {"step": "reading", "by_words": each.by_words}
        elif isinstance(each, Said):
            yield from teller.said(each)
        elif isinstance(each, Withdrawn):
            yield "html", teller.withdrawn(each)
        elif isinstance(each, Refused):
            nearest = dict.fromkeys(_first_part(passage) for passage in each.refusal.nearest)
            yield "passages", teller.sources(nearest)
            yield "refusal", {"html": refusal_html(no_answer)}
        elif isinstance(each, ModelDown):
            yield "unavailable", {"sentence": in_words(each.why)}
        elif isinstance(each, Finished):
            yield "done", {"message": each.message, "html": teller.html, "carries": each.carried}


class _Teller:
    """What of one answer was told so far."""

    def __init__(self, pages: str, names: Names) -> None:
        self._pages = pages
        self._names = names
        self._known: dict[str, str] = {}
        self._message = ""
        self._sentences: list[Sentence] = []
        self._cited: dict[Citation, int] = {}
        self._erased: frozenset[str] = frozenset()
        self.html = ""

    def started(self, event: Started) -> dict[str, str | None]:
        self._message = event.message
        searched = event.question.searched_for if event.question.is_carried_over else None
        named = {"conversation": event.conversation or None, "message": event.message, "searched_for": searched}
        return named | {"carries": event.carried}

    def said(self, event: Said) -> Iterator[tuple[str, Any]]:
        self._sentences.append(event.sentence)
        cited = numbers_of(self._sentences)
        if len(cited) > len(self._cited):
            self._cited = cited
            yield "passages", self.sources(cited)
        before, self.html = self.html, self._rendered()
        yield "html", growth(before, self.html) | {"sentence": len(self._sentences)}

    def withdrawn(self, event: Withdrawn) -> dict[str, str | int]:
        """The answer anew, without them. The numbers of all others stay as they were told."""
        self._erased = event.documents
        self.html = self._rendered()
        return {"html": self.html, "into": "instead", "sentence": len(self._sentences)}

    def _rendered(self) -> str:
        left = [one for one in self._sentences if not one.documents & self._erased]
        return render(left, message=self._message, numbers=self._cited)

    def sources(self, citations: Iterable[Citation]) -> list[Source]:
        citations = list(citations)
        if missing := {one.document for one in citations} - set(self._known):
            self._known |= self._names(missing)
        return [
            source(one, number=number, name=self._known.get(one.document, ""), pages=self._pages, answer=self._message)
            for number, one in enumerate(citations, 1)
            if one.document not in self._erased
        ]


def growth(before: str, after: str) -> dict[str, str]:
    """What turns the HTML `before` into `after`: more behind it, more in its last paragraph, or all of it anew."""
    if after.startswith(before):
        return {"html": after.removeprefix(before), "into": "answer"}
    opened = before.removesuffix("</p>")
    more = after.removeprefix(opened).removesuffix("</p>")
    if after == f"{opened}{more}</p>" and opened != before and "</p>" not in more:
        return {"html": more, "into": "paragraph"}
    return {"html": after, "into": "instead"}


def _first_part(passage: Any) -> Citation:
    part = passage.parts[0]
    return Citation(part.document, part.number, part.page, part.start, part.end, part.text)
