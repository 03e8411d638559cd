"""An answer as a chat completion: whole, or in chunks while it is made (server-sent events, WHATWG HTML 9.2)."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings

from muniment.api.streaming import Growing
from muniment.chat.selectors import no_answer, place_address
from muniment.chat.types import AskEvent, Citation, Said, Sentence, Withdrawn
from muniment.core.actors import Actor
from muniment.core.relay import event
from muniment.ingest.selectors import names
from muniment.llm.services import packaged_embedder

if TYPE_CHECKING:
    from muniment.agents.models import Agent

DONE = b"data: [DONE]\n\n"


@dataclass
class Completion(Growing):
    """One answer on its way to a client. Its words are those of the web page, each sentence with the numbers of its
    sources; a source is an annotation that says which document, page and characters, and opens there.
    """

    actor: Actor = field(kw_only=True)
    agent: "Agent" = field(kw_only=True)
    question: str = field(kw_only=True)
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, events: Iterable[AskEvent]) -> dict[str, Any]:
        """The `chat.completion` object. Raises TransientError where the model did not answer at all."""
        for heard in events:
            self.hear(heard)
        self.require_answer()
        text = self._text()
        message = {"role": "assistant", "content": text, "refusal": None, "annotations": self._annotations()}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self._finish()}
        return self._envelope("chat.completion", [choice]) | {"usage": self._usage(text), "muniment": self._facts()}

    def chunks(self, events: Iterator[AskEvent], *, with_usage: bool) -> Iterator[bytes]:
        """`chat.completion.chunk` objects, the sources in the last."""
        yield self._chunk({"role": "assistant", "content": ""})
        for heard in events:
            self.hear(heard)
            more = self.grown(self._told())
            if isinstance(heard, Withdrawn):
                yield self._chunk({"content": ""}, withdrawn=sorted(heard.documents))
            elif more:
                yield self._chunk({"content": more})
        self.require_answer()
        if not self.sent:
            yield self._chunk({"content": self._text()})
        yield self._chunk({"annotations": self._annotations()}, finish=self._finish(), **self._facts())
        if with_usage:
            yield event(self._envelope("chat.completion.chunk", []) | {"usage": self._usage(self._text())})
        yield DONE

    def _text(self) -> str:
        return self._told() or no_answer(self.actor, self.agent)

    def _told(self) -> str:
        text = ""
        for said in self.said:
            text += _between(text, said.sentence) + _marked(said)
        return text

    def _annotations(self) -> list[dict[str, Any]]:
        """OpenAI's `url_citation`, from and to which character of the answer, with what only we can say beside it."""
        documents = names(self.actor, self.agent, {one.document for one in self.citations().values()})
        found, text = [], ""
        for said in self.said:
            text += _between(text, said.sentence)
            start, text = len(text), text + _marked(said)
            for number, citation in zip(said.numbers, said.sentence.citations, strict=True):
                place = self._place(citation, documents)
                cited = {"start_index": start, "end_index": len(text), "title": place["name"], "url": place["url"]}
                found.append({"type": "url_citation", "url_citation": cited, "muniment": place | {"number": number}})
        return found

    def _place(self, citation: Citation, documents: dict[str, str]) -> dict[str, Any]:
        """`start` and `end` count characters of the document's extracted text; `quote` is what stands there."""
        path = place_address(self.agent.url, citation, self.message)
        return {
            "document": citation.document,
            "name": documents.get(citation.document, ""),
            "page": citation.page,
            "start": citation.start,
            "end": citation.end,
            "quote": citation.quote,
            "url": settings.MUNIMENT_BASE_URL.origin + path,
        }

    def _facts(self) -> dict[str, Any]:
        return {
            "conversation": self.conversation or None,
            "message": self.message,
            "grounded": bool(self.said) and all(said.sentence.citations for said in self.said),
            "refused": self.refused,
            "searched_for": self.searched_for,
        }

    def _finish(self) -> str:
        return "length" if self.unavailable else "stop"

    def _usage(self, text: str) -> dict[str, int]:
        """Counted in the tokens of the packaged embedding model: a measure of length, not of cost."""
        asked, answered = packaged_embedder().count_tokens([self.question, text])
        return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}

    def _chunk(self, delta: dict[str, Any], *, finish: str | None = None, **facts: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return event(self._envelope("chat.completion.chunk", [choice]) | ({"muniment": facts} if facts else {}))

    def _envelope(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-{self.message}",
            "object": kind,
            "created": self.created,
            "model": self.agent.id,
            "choices": choices,
        }


def _between(text: str, sentence: Sentence) -> str:
    return ("\n\n" if sentence.paragraph else " ") * bool(text)


def _marked(said: Said) -> str:
    return f"{said.sentence.words} " + "".join(f"[{number}]" for number in said.numbers)
