"""What an answer is made of, on its way from the answerer to the reader and to the store."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

from muniment.core.errors import MunimentError
from muniment.ingest.tables import is_row
from muniment.retrieval.types import Passage, Query
from muniment.silo.chunks import StoredChunk

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Citation:
    """A span of a document's extracted text. `quote` is that span exactly; `chunk` is the chunk's number."""

    document: str
    chunk: int
    page: int | None
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer as Markdown, and what supports it: never empty.

    `paragraph`: a new paragraph begins here. An extractive answer quotes: its text is the quote of its one citation.
    """

    text: str
    citations: tuple[Citation, ...]
    paragraph: bool = False

    @property
    def is_quote(self) -> bool:
        """Whether it is a document's own words, which are shown as they stand, never read as Markdown."""
        return len(self.citations) == 1 and self.text == self.citations[0].quote

    @property
    def is_row(self) -> bool:
        """Whether it is a quoted row of a table."""
        return self.is_quote and is_row(self.text)

    @property
    def words(self) -> str:
        """As it reads: where a quote's lines broke says nothing."""
        return " ".join(self.text.split()) if self.is_quote else self.text

    @property
    def documents(self) -> frozenset[str]:
        return frozenset(citation.document for citation in self.citations)


def as_text(sentences: Iterable[Sentence]) -> str:
    """An answer in plain words; rows of a table one below the other."""
    text, follows_row = "", False
    for sentence in sentences:
        between = "\n" if follows_row and sentence.is_row else "\n\n" if sentence.paragraph else " "
        text += between * bool(text) + sentence.words
        follows_row = sentence.is_row
    return text


@dataclass(frozen=True, slots=True)
class Refusal:
    """The documents do not hold the answer. `nearest` are the passages that came closest, perhaps none."""

    nearest: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question and answer of the same conversation, for follow-ups."""

    question: str
    searched_for: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """`text` as asked; `searched_for` what is searched: the same, or with an earlier subject carried over."""

    text: str
    searched_for: str

    @property
    def is_carried_over(self) -> bool:
        return self.text != self.searched_for


Told = tuple[tuple[str, str], ...]
"""Questions with their answers, in order, as who asks tells them."""


class Feedback(StrEnum):
    NONE = ""
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"


class SentenceVectors(Protocol):
    """Vectors of the sentences of a chunk: made on first use, kept sealed in the silo under the document's key."""

    def __call__(self, chunks: Sequence[StoredChunk]) -> list[Vectors]:
        """One float32[sentences, dimension] per chunk, rows of length 1, in the order of `sentences(chunk.text)`."""


TermWeights = Mapping[str, Mapping[str, float]]
"""Language to term of the question to its weight: how rare the term is in the silo (`retrieval.term_weights`)."""


class Neighbours(Protocol):
    """Chunks of the documents around what was found: for the introduction of a list, for its further items."""

    def __call__(self, chunk: StoredChunk, *, before: int = 0, behind: int = 0) -> list[StoredChunk]:
        """The chunk with up to so many before and behind it under the same headings, in reading order."""


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """All that an answerer may know. `limit` is how many sentences the agent's owner wants at most.

    `parts`: the question to search for, or where it asks several things each of them.
    """

    question: Question
    parts: tuple[Query, ...]
    passages: tuple[Passage, ...]
    sentence_vectors: SentenceVectors
    weights: TermWeights
    neighbours: Neighbours
    limit: int
    instructions: str = ""
    stopped: Callable[[], bool] = lambda: False


class Answerer(Protocol):
    """Who answers: by quoting, or a model. Grounding, refusal and citations are the same for all."""

    def answer(self, request: AnswerRequest) -> Iterator[Sentence | Refusal]:
        """Sentences one after the other, or one Refusal.

        Raises ModelUnavailableError and ModelRefusedError (`llm.errors`), perhaps after sentences.
        """


@dataclass(frozen=True, slots=True)
class Started:
    """The question is stored, or carried by its page; what follows belongs to this message.

    `carried`: for the page to bring back with the next question; None where the silo stores the conversation, and only
    then `conversation` is not empty.
    """

    conversation: str
    message: str
    question: Question
    carried: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was retrieved; `by_words`: by words alone, for the embedding model did not answer."""

    passages: tuple[Passage, ...]
    by_words: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the answer; `numbers` are those of its citations, counted through the answer from 1."""

    sentence: Sentence
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """These documents were erased while the answer was made: what was said of them is to be shown no longer."""

    documents: frozenset[str]


@dataclass(frozen=True, slots=True)
class Refused:
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class ModelDown:
    """The model did not answer, or not to its end, and why. What was said before it is kept."""

    why: MunimentError


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is stored, or carried: `carried` in place of what `Started` handed out."""

    message: str
    carried: str | None = None


AskEvent = Started | Found | Said | Withdrawn | Refused | ModelDown | Finished


@dataclass
class Heard:
    """What came of one question, for a door that answers once it is all there."""

    conversation: str = ""
    message: str = ""
    searched_for: str = ""
    said: list[Said] = field(default_factory=list)
    nearest: tuple[Passage, ...] = ()
    refused: bool = False
    unavailable: str = ""

    def hear(self, event: AskEvent) -> None:
        if isinstance(event, Started):
            self.conversation, self.message = event.conversation, event.message
            self.searched_for = event.question.searched_for
        elif isinstance(event, Refused):
            self.refused, self.nearest = True, event.refusal.nearest
        elif isinstance(event, Said):
            self.said.append(event)
        elif isinstance(event, Withdrawn):
            self.said = [said for said in self.said if not said.sentence.documents & event.documents]
        elif isinstance(event, ModelDown):
            self.unavailable = str(event.why)

    def citations(self) -> dict[int, Citation]:
        """By the number under which the answer cites them."""
        found: dict[int, Citation] = {}
        for said in self.said:
            found |= dict(zip(said.numbers, said.sentence.citations, strict=True))
        return dict(sorted(found.items()))
