"""What of a conversation is stored, sealed under the conversation's own key.

An extractive answer is stored as references only: which span of which chunk. Its words stay in the document, so that
erasing the document takes them out of every old answer too.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from muniment.chat.types import Feedback
from muniment.core.errors import CorruptedError
from muniment.core.ids import id_bytes, id_from_bytes
from muniment.silo.sealed import Record

_BROKEN = "A stored conversation does not make sense. Restore this agent from a backup."


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation without its words. `start` and `end` count in the extracted text, which outlives every masking."""

    document: str
    chunk: int
    page: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """`text` is None where the sentence is its one reference's words; a model's own has text, a working one."""

    references: tuple[Reference, ...]
    text: str | None
    paragraph: bool

    @property
    def documents(self) -> frozenset[str]:
        return frozenset(reference.document for reference in self.references)


@dataclass(frozen=True, slots=True)
class Message:
    """One question with its answer. `number` orders a conversation; `nearest` are the references a refusal offers.

    `question` is as it was typed, `searched_for` a working text as every model saw it.
    """

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
    unavailable: bool = False  # the model did not answer, or not to its end
    by_words: bool = False  # the embedding model did not answer
    feedback: Feedback = Feedback.NONE
    comment: str = ""
    working: str = ""
    """The question as a working text; empty where that is the same."""
    pairs: Mapping[str, str] = field(default_factory=dict)
    """What the stand-ins in `searched_for` stand for, in the words of who asked."""
    masking: str = ""
    """The stamp of the masking under which it was asked and answered."""

    @property
    def asked(self) -> str:
        return self.working or self.question

    @property
    def is_carried_over(self) -> bool:
        return self.searched_for != self.asked

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
