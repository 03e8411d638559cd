"""The sentences an answer may be made of, each with what is known of it and of where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from muniment.chat.answering.headlines import headlines
from muniment.chat.answering.lists import introductions, without_marker
from muniment.chat.answering.tables import rows
from muniment.chat.types import AnswerRequest, Vectors
from muniment.ingest.sentences import sentences
from muniment.retrieval.analysis import analyse
from muniment.silo.chunks import StoredChunk

CHUNKS = 8  # looked at closely: the best, so that new sentences cost little time
CHUNKS_PER_PART = 3  # more for each further thing the question asks


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence in its place: `start` and `end` count in the document."""

    chunk: StoredChunk
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.chunk.text[self.start - self.chunk.start : self.end - self.chunk.start]

    def without_marker(self) -> "Span":
        """The same sentence from behind what numbers it: outside of a list the number says nothing."""
        return Span(self.chunk, self.end - len(without_marker(self.text)), self.end)

    @property
    def key(self) -> tuple[str, int]:
        return self.chunk.document, self.start


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """`around`: terms of the headings above and of the sentence that introduces it. `rank`: of its chunk, from 0.

    `words`: its terms in their order. `opens`: the first sentence below its heading, where a section says what it
    is about.
    """

    span: Span
    rank: int
    language: str
    words: tuple[str, ...]
    terms: frozenset[str]
    around: frozenset[str]
    headings: frozenset[str]
    opens: bool
    vector: Vectors


def spans_of(chunk: StoredChunk) -> list[Span]:
    return [Span(chunk, chunk.start + start, chunk.start + end) for start, end in sentences(chunk.text)]


def candidates(request: AnswerRequest) -> list[Candidate]:
    """Of the best chunks, best first; headings that stand alone are none, nor are a table's header and questions."""
    depth = CHUNKS + CHUNKS_PER_PART * (len(request.parts) - 1)
    chunks = [chunk for passage in request.passages for chunk in passage.parts][:depth]
    found: list[Candidate] = []
    for rank, (chunk, vectors) in enumerate(zip(chunks, request.sentence_vectors(chunks), strict=True)):
        found += _of_chunk(chunk, vectors, rank)
    return found


def _of_chunk(chunk: StoredChunk, vectors: Vectors, rank: int) -> list[Candidate]:
    language = chunk.language or ""
    spans = spans_of(chunk)
    words = [tuple(analyse(without_marker(span.text), language=language)) for span in spans]
    terms = [frozenset(own) for own in words]
    places = [(span.start - chunk.start, span.end - chunk.start) for span in spans]
    table = rows(chunk.text, places, context=chunk.context)
    introduced_by, headed_by = introductions(chunk.text, places), headlines(chunk.text, places)
    headings = frozenset(analyse("\n".join(chunk.headings), language=language))
    context = frozenset(analyse(chunk.context, language=language))
    opening = _opening(chunk, [span for span, own in zip(spans, terms, strict=True) if own - headings - context])
    found: list[Candidate] = []
    for at, (span, vector) in enumerate(zip(spans, vectors, strict=True)):
        over = headings | _at(terms, headed_by[at] if headed_by[at] != at else None)
        if not terms[at] - over - context or span.text.endswith("?"):
            continue
        row = table.get(at)
        if row and row.above == at:
            continue
        opens = span == opening or (at > 0 and headed_by[at] == at - 1)
        around = over | context | _at(terms, introduced_by[at]) | _at(terms, row.above if row else None)
        found.append(Candidate(span, rank, language, words[at], terms[at], around, over, opens, vector))
    return found


def _opening(chunk: StoredChunk, spans: Sequence[Span]) -> Span | None:
    """The first sentence, where the chunk begins with the heading above it."""
    if not spans or not chunk.headings:
        return None
    before = " ".join(chunk.text[: spans[0].start - chunk.start].split())
    return spans[0] if before.endswith(chunk.headings[-1]) else None


def _at(terms: Sequence[frozenset[str]], at: int | None) -> frozenset[str]:
    return frozenset() if at is None else terms[at]
