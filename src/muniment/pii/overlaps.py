"""Several rules see the same characters: one answer, the same each time, that leaves nothing uncovered."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

from muniment.pii.types import PiiClass, Span

_ORDER = {kind: place for place, kind in enumerate(PiiClass)}


def resolved(text: str, spans: Iterable[Span]) -> list[Span]:
    """Spans in order, none overlapping. Where two meet, the surer keeps its place and what remains of the other stays.

    Nothing that any rule found is left readable by this: it is for masking, where too little is worse than too much.
    """
    kept: list[Span] = []
    for span in sorted(_merged(spans), key=lambda one: (-one.score, one.start - one.end, one.start, _ORDER[one.kind])):
        for start, end in list(_free(span, kept)):
            rest = span if (start, end) == (span.start, span.end) else _trimmed(text, start, end, span)
            if rest is not None:
                insort(kept, rest, key=_start)
    return kept


def _start(span: Span) -> int:
    return span.start


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Overlapping spans of one class as one."""
    out: list[Span] = []
    for span in sorted(spans, key=lambda one: (_ORDER[one.kind], one.start, -one.end)):
        last = out[-1] if out else None
        if last and last.kind is span.kind and span.start < last.end:
            out[-1] = Span(last.start, max(last.end, span.end), span.kind, max(last.score, span.score))
        else:
            out.append(span)
    return out


def _free(span: Span, kept: list[Span]) -> Iterator[tuple[int, int]]:
    """The parts of the span that none of `kept` (in order, none overlapping) covers."""
    at = bisect_left(kept, span.start, key=_start)
    if at and kept[at - 1].end > span.start:
        at -= 1
    start = span.start
    while at < len(kept) and kept[at].start < span.end:
        if kept[at].start > start:
            yield start, kept[at].start
        start = kept[at].end
        at += 1
    if start < span.end:
        yield start, span.end


def _trimmed(text: str, start: int, end: int, span: Span) -> Span | None:
    """A remainder without the blanks and signs at its ends; None where only those remain."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return Span(start, end, span.kind, span.score) if end > start else None
