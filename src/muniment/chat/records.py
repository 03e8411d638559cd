"""What of a conversation is stored, sealed under the conversation's own key.

An extractive answer is stored as references only: which span of which chunk. Its words stay in the document, so that
erasing the document takes them out of every old answer too.
"""

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from muniment.chat.types import Citation, Sentence
from muniment.core.errors import CorruptedError
from muniment.core.ids import id_bytes, id_from_bytes
from muniment.silo.sealed import Record

_BROKEN = "A stored conversation does not make sense. Restore this agent from a backup."


class Feedback(StrEnum):
    NONE = ""
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation without its words."""

    document: str
    chunk: int
    page: int | None
    start: int
    end: int

    @classmethod
    def of(cls, citation: Citation) -> "Reference":
        return cls(citation.document, citation.chunk, citation.page, citation.start, citation.end)


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """`text` is None where the sentence is its one reference's words; a sentence of a model's own has text."""

    references: tuple[Reference, ...]
    text: str | None
    paragraph: bool

    @classmethod
    def of(cls, sentence: Sentence) -> "StoredSentence":
        references = tuple(Reference.of(citation) for citation in sentence.citations)
        return cls(references, None if sentence.is_quote else sentence.text, sentence.paragraph)


@dataclass(frozen=True, slots=True)
class Message:
    """One question with its answer. `number` orders a conversation; `nearest` are the references a refusal offers."""

    id: str
    conversation: str
    number: int
    asked_at: str
    question: str
    searched_for: str
    answer: tuple[StoredSentence, ...] = ()
    nearest: tuple[Reference, ...] = ()
    refused: bool = False
    stopped: bool = False
    feedback: Feedback = Feedback.NONE
    comment: str = ""

    def to_record(self) -> Record:
        fields = {key: value for key, value in asdict(self).items() if key not in {"id", "conversation"}}
        return Record(id_bytes(self.id), self.conversation, json.dumps(fields, ensure_ascii=False).encode())

    @classmethod
    def from_record(cls, record: Record) -> "Message":
        try:
            fields = json.loads(record.content)
            message = cls(id=id_from_bytes(record.id), conversation=record.group, **fields)
            return replace(
                message,
                answer=tuple(
                    StoredSentence(_references(s["references"]), s["text"], s["paragraph"]) for s in fields["answer"]
                ),
                nearest=_references(fields["nearest"]),
                feedback=Feedback(message.feedback),
            )
        except (ValueError, TypeError, KeyError):
            raise CorruptedError(_BROKEN) from None


def _references(stored: list[dict[str, object]]) -> tuple[Reference, ...]:
    return tuple(Reference(**fields) for fields in stored)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Title:
    """The name of a conversation: its first question, until renamed."""

    conversation: str
    text: str

    def to_record(self) -> Record:
        return Record(id_bytes(self.conversation), self.conversation, json.dumps({"title": self.text}).encode())

    @classmethod
    def from_record(cls, record: Record) -> "Title":
        try:
            return cls(record.group, json.loads(record.content)["title"])
        except (ValueError, TypeError, KeyError):
            raise CorruptedError(_BROKEN) from None
