"""Makes chosen sentences readable: nothing is changed in them, what they lean on is quoted with them.

* A sentence below a heading of a small section comes after that heading.
* A list item comes after the sentence that introduces the list, an introduction with its items.
* A sentence that begins in the middle of a thought ("Those measures shall ...") comes after the one before it.
* A row of a table comes after the row that names its columns.
* A sentence that the next one spells out ("That record shall contain: ...") brings that one and its list.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from muniment.chat.answering.candidates import Span, spans_of
from muniment.chat.answering.headlines import headlines
from muniment.chat.answering.lists import introductions
from muniment.chat.answering.tables import rows
from muniment.chat.types import AnswerRequest
from muniment.ingest.tables import is_row

REACH = 12  # chunks: how far from its introduction a list item may stand

_LEANING = re.compile(
    r"(?:\(?\d{1,3}[.)]\s+)?(?:(?:This|That|These|Those|Such)\s+(?![A-Z])|(?:It|They|He|She|Its|Their|The latter|"
    r"In particular|However|Moreover|Furthermore|Therefore|Nevertheless|In that case|In such|In this case|In those|"
    r"Where that|Dies|Dabei|Jedoch|Ferner|Daher|Darüber hinaus|Insbesondere|In diesem Fall|In diesen Fällen)\b)"
)

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Quoted:
    span: Span
    on_its_own_line: bool


def completed(chosen: Sequence[Span], request: AnswerRequest) -> list[Quoted]:
    """The sentences of one section in reading order, with what they need."""
    whole = _Section(chosen, request)
    wanted: set[int] = set()
    for span in chosen:
        wanted |= whole.needed(span)
    return [Quoted(whole.spans[at], whole.is_item(at)) for at in sorted(wanted)]


class _Section:
    """All sentences under the headings of the chosen ones, as far as they reach, as one text."""

    def __init__(self, chosen: Sequence[Span], request: AnswerRequest) -> None:
        chunks = {span.chunk.number: span.chunk for span in chosen}
        for chunk in list(chunks.values()):
            around = request.neighbours(chunk, before=REACH, behind=2)
            chunks.update((one.number, one) for one in around)
        spans = {span.start: span for _, chunk in sorted(chunks.items()) for span in spans_of(chunk)}
        self.spans = [spans[start] for start in sorted(spans)]
        self._items_wanted = 2 + 2 * request.limit
        self._at = {span.start: at for at, span in enumerate(self.spans)}
        text, places = _as_one(self.spans)
        self._introduced_by, self._under = introductions(text, places), headlines(text, places)
        self._rows = rows(text, places)

    def is_item(self, at: int) -> bool:
        """Whether it begins a line of its own: an item, a row, and what stands below a label."""
        label = self._label(at)
        return at in self._rows or self._introduced_by[at] is not None or (label is not None and label == at - 1)

    def needed(self, span: Span) -> set[int]:
        at = self._at[span.start]
        found = {at, *self._items(at), *self._spelled_out(at)}
        above = self._introduced_by[at]
        while above is not None:
            found.add(above)
            above = self._introduced_by[above]
        if (label := self._label(at)) is not None:
            found.add(label)
        if at in self._rows and (header := self._rows[at].above) is not None:
            found.add(header)
        first = min(found)
        if first and _LEANING.match(self.spans[first].text) and self._follows(first):
            found.add(first - 1)
        return found

    def _label(self, at: int) -> int | None:
        """The heading right above, unless it is a question, the chunk's own (shown with the source) or adds no word."""
        label = self._under[at]
        if label is None or self.spans[label].chunk.number != self.spans[at].chunk.number:
            return None
        heading = self.spans[label].text
        if heading.endswith("?") or " ".join(heading.split()) in self.spans[label].chunk.headings:
            return None
        columns = self._rows[at].header if at in self._rows else ""
        return None if label != at and _words(heading) <= _words(f"{columns} {self.spans[at].text}") else label

    def _items(self, at: int) -> list[int]:
        items = [one for one in range(at + 1, len(self.spans)) if self._introduced_by[one] == at]
        return items[: self._items_wanted]

    def _spelled_out(self, at: int) -> list[int]:
        """The sentence right after, with its items, where it introduces a list of what this one speaks of."""
        after = at + 1
        if after == len(self.spans) or not self._follows(after) or not _LEANING.match(self.spans[after].text):
            return []
        items = self._items(after)
        return [after, *items] if items else []

    def _follows(self, at: int) -> bool:
        """Whether the sentence before is one, not a heading, nor a question that stands as one."""
        before = self.spans[at - 1].text
        return before[-1] in ".;:!" and not self.is_item(at - 1)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _as_one(spans: Sequence[Span]) -> tuple[str, list[tuple[int, int]]]:
    """The sentences as one text, and where each stands in it."""
    text, places = "", []
    for before, span in zip((None, *spans), spans, strict=False):
        if before is not None:
            text += _between(before, span)
        places.append((len(text), len(text) + len(span.text)))
        text += span.text
    return text, places


def _between(before: Span, span: Span) -> str:
    """What stands between two sentences: between chunks, a new block begins, or the same table goes on."""
    if span.start == before.end + 1 and is_row(before.text) and is_row(span.text):
        return "\n"
    if before.chunk.number != span.chunk.number:
        return "\n\n"
    start = before.chunk.start
    return before.chunk.text[before.end - start : span.start - start]
