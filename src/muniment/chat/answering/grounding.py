"""What every answerer's words pass before anybody reads them: each sentence is tied to spans that hold it, or dropped.

Attack stopped: a model that invents, or that a document told to invent. It may write any sentence and name any source;
what it cannot do is make a quote that the document does not hold, byte for byte, or have a sentence pass whose numbers
or names or most of whose words stand in no quote of its own, or that denies what they say. Residue accepted: a sentence
made of a quote's words in an order that says something else; how often: docs/benchmarks.md. Who reads it has the
quote beside it.
"""

from collections.abc import Callable, Iterable, Iterator

from muniment.chat.answering.agreement import agrees, without_numbers
from muniment.chat.answering.lists import without_marker
from muniment.chat.types import AnswerRequest, Citation, Refusal, Sentence
from muniment.retrieval.analysis import analyse
from muniment.silo.chunks import StoredChunk

HELD = 0.6  # the share of a generated sentence's content words that its quotes must hold
LEAST = 2  # words: a sentence with one is about nothing ("I am not allowed to say that")

Chunk = Callable[[int], StoredChunk | None]
"""The stored chunk of this number; None where there is none."""


def grounded(items: Iterable[Sentence | Refusal], request: AnswerRequest, chunk: Chunk) -> Iterator[Sentence | Refusal]:
    """The sentences that are supported, in their order. Where there is none, a refusal."""
    said = False
    for item in items:
        if isinstance(item, Refusal):
            if not said:
                yield Refusal(nearest=request.passages[:3])
            return
        if is_supported(item, chunk):
            said = True
            yield item
    if not said and not request.stopped():
        yield Refusal(nearest=request.passages[:3])


def is_supported(sentence: Sentence, chunk: Chunk) -> bool:
    cited = [chunk(citation.chunk) for citation in sentence.citations]
    if not cited or not all(map(_is_exact, sentence.citations, cited)):
        return False
    quotes = [citation.quote for citation in sentence.citations]
    if sentence.text in quotes:
        return True
    language = next((one.language for one in cited if one and one.language), "")
    around = "\n".join(f"{one.context}\n{' '.join(one.headings)}" for one in cited if one)
    return _is_held(sentence.text, "\n".join(quotes), around=around, language=language)


def _is_exact(citation: Citation, chunk: StoredChunk | None) -> bool:
    """Whether the document holds this quote, byte for byte, at this place and on this page."""
    if chunk is None or (chunk.document, chunk.page_at(citation.start)) != (citation.document, citation.page):
        return False
    if not chunk.start <= citation.start < citation.end <= chunk.end:
        return False
    return chunk.text[citation.start - chunk.start : citation.end - chunk.start] == citation.quote


def _is_held(text: str, quotes: str, *, around: str, language: str) -> bool:
    text = without_marker(text)
    words = analyse(without_numbers(text), language=language)
    there = set(analyse(f"{around}\n{quotes}", language=language))
    held = sum(word in there for word in words)
    if held < LEAST or not agrees(text, quotes, around=around, language=language):
        return False
    return held >= HELD * len(words)
