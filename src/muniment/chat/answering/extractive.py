"""Answers by quoting: the sentences of the passages that support the question best, or an honest refusal."""

from collections.abc import Iterator, Sequence
from itertools import islice

from muniment.chat.answering.candidates import Span, candidates
from muniment.chat.answering.completion import completed
from muniment.chat.answering.selection import Chosen, choose
from muniment.chat.types import AnswerRequest, Citation, Refusal, Sentence

MOST = 3  # quotes for each sentence the owner asked for: lists are longer than the sentences that were chosen


class ExtractiveAnswerer:
    """Implements `chat.types.Answerer`."""

    def answer(self, request: AnswerRequest) -> Iterator[Sentence | Refusal]:
        chosen = choose(candidates(request), request)
        if not chosen:
            yield Refusal(nearest=request.passages[:3])
            return
        yield from islice(_said(chosen, request), MOST * request.limit)


def _said(chosen: Sequence[Chosen], request: AnswerRequest) -> Iterator[Sentence]:
    for group in _sections(chosen):
        apart = True
        for quoted in completed([one.candidate.span for one in group], request):
            span = quoted.span if quoted.on_its_own_line else quoted.span.without_marker()
            yield Sentence(span.text, (_citation(span),), paragraph=apart or quoted.on_its_own_line)
            apart = quoted.on_its_own_line


def _sections(chosen: Sequence[Chosen]) -> list[list[Chosen]]:
    """What stands under the same headings is read together, in its own order; the best supported section first."""
    sections: dict[tuple[str, tuple[str, ...]], list[Chosen]] = {}
    for one in chosen:
        chunk = one.candidate.span.chunk
        sections.setdefault((chunk.document, chunk.headings), []).append(one)
    return list(sections.values())


def _citation(span: Span) -> Citation:
    page = span.chunk.page_at(span.start)
    return Citation(span.chunk.document, span.chunk.number, page, span.start, span.end, span.text)
