"""One answer while it is made: searched, said sentence by sentence, stored."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from muniment.agents.types import AnswerLength
from muniment.chat import events
from muniment.chat.answering.definitions import definition_sought
from muniment.chat.answering.extractive import ExtractiveAnswerer
from muniment.chat.answering.generative import GenerativeAnswerer
from muniment.chat.answering.grounding import grounded
from muniment.chat.answering.parts import parts
from muniment.chat.carrying import Carried
from muniment.chat.events import add_event
from muniment.chat.finding import check_masking, find
from muniment.chat.records import Message, Reference, StoredSentence
from muniment.chat.selectors import numbered
from muniment.chat.sentence_vectors import StoredSentenceVectors
from muniment.chat.showing import Showing
from muniment.chat.sources import Sources
from muniment.chat.types import (
    Answerer,
    AnswerRequest,
    AskEvent,
    Citation,
    Found,
    ModelDown,
    Question,
    Refusal,
    Refused,
    Said,
    Sentence,
    Withdrawn,
)
from muniment.core.actors import Actor
from muniment.core.ids import id_bytes
from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.types import KeyKind
from muniment.ingest.selectors import Sight
from muniment.llm.errors import ModelRefusedError, ModelUnavailableError, TextRefusedError
from muniment.llm.services import chat_model, local_model, packaged_embedder
from muniment.llm.types import LOCAL, ChatModel, Embedder, Vectors
from muniment.retrieval.selectors import embedder_of, passages, term_weights
from muniment.retrieval.types import Query
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.sealed import Silo
from muniment.silo.types import Table

if TYPE_CHECKING:
    from muniment.agents.models import Agent

PASSAGES = 8  # chunks; more for each further thing a question asks
PASSAGES_PER_PART = 3
SENTENCES = {AnswerLength.SHORT: 2, AnswerLength.MEDIUM: 5, AnswerLength.LONG: 9}
ANSWERER: Answerer = ExtractiveAnswerer()
_log = logging.getLogger(__name__)


def _local() -> ChatModel:
    """What it is asked stays on this machine: no gate."""
    found = local_model()
    if found is None:
        raise ModelRefusedError("The model on this machine was removed. Choose another one under Character.")
    return found


class Answer:
    """One answer while it is made: streams it, remembers what was said, stores it."""

    def __init__(
        self,
        actor: Actor,
        agent: "Agent",
        silo: Silo,
        message: Message,
        sight: Sight,
        page: Carried | None,
        *,
        quoting: bool,
    ) -> None:
        """`page`: what is carried so far, where the silo does not store the conversation."""
        self._actor = actor
        self._quoting = quoting
        self._unavailable = False
        self._agent = agent
        self._silo = silo
        self._message = message
        self._sight = sight
        self._page = page
        self._showing: Showing | None = None
        self._said: list[StoredSentence] = []
        self._refusal: Refusal | None = None
        self._whole = False
        self._erased: frozenset[str] = frozenset()
        self._vectors: StoredSentenceVectors | None = None

    def stream(self, stopped: Callable[[], bool]) -> Iterator[AskEvent]:
        question = Question(self._message.asked, self._message.searched_for)
        split = parts(question.searched_for)
        model, (whole, *others) = self._embedded([question.searched_for, *split])
        sought = Query(question.searched_for, whole, model.name)
        asked = [Query(text, vector, model.name) for text, vector in zip(split, others, strict=True)]
        words = [text for one in split or (question.searched_for,) if (text := definition_sought(one))]
        limit = PASSAGES + PASSAGES_PER_PART * max(len(asked) - 1, 0)
        search = partial(passages, self._actor, self._agent, sought, limit=limit)
        found, showing = find(self._silo, self._sight, partial(search, parts=asked, words=words))
        self._showing = showing
        yield Found(found, by_words=self._message.by_words)
        self._vectors = StoredSentenceVectors(self._silo, model)
        sources = Sources(self._silo, (chunk for passage in found for chunk in passage.parts))
        request = AnswerRequest(
            question=question,
            parts=tuple(asked) or (sought,),
            passages=found,
            sentence_vectors=self._vectors,
            weights=term_weights(self._actor, self._agent, question.searched_for),
            neighbours=sources.around,
            limit=SENTENCES[AnswerLength(self._agent.length)],
            instructions=self._agent.instructions,
            stopped=stopped,
        )
        try:
            yield from self._answered(request, sources, showing)
        except (ModelRefusedError, ModelUnavailableError, TextRefusedError) as error:
            self._unavailable = True
            yield ModelDown(error)
        self._whole = not stopped() and not self._unavailable
        if self._whole and self._refusal is None and all(one.documents & self._erased for one in self._said):
            yield self._refuse(Refusal(nearest=()), showing)

    def _embedded(self, texts: Sequence[str]) -> tuple[Embedder, Vectors]:
        """By the model the agent is searched by. Where that does not answer, by the packaged one: nothing is searched
        by its vectors then, so words alone find; it weighs the sentences of what they found.
        """
        model = embedder_of(self._actor, self._agent)
        try:
            return model, model.embed_questions(texts)
        except (ModelRefusedError, ModelUnavailableError, TextRefusedError) as error:
            _log.warning("embedding model: %s; words alone are searched", type(error).__name__)
        self._message = replace(self._message, by_words=True)
        model = packaged_embedder()
        return model, model.embed_questions(texts)

    def _answered(self, request: AnswerRequest, sources: Sources, showing: Showing) -> Iterator[AskEvent]:
        for item in grounded(self._answerer().answer(request), request, sources.chunk):
            check_masking(self._silo, self._sight)
            if isinstance(item, Refusal):
                yield self._refuse(item, showing)
            elif not request.stopped() and not self._silo.erased(KeyKind.DOCUMENT, item.documents):
                yield self._say(item, showing)
            yield from self.withdrawn()

    def _answerer(self) -> Answerer:
        if self._quoting or not self._agent.provider:
            return ANSWERER
        if self._agent.provider == LOCAL:
            return GenerativeAnswerer(_local())
        masking = self._sight.masking
        provider = self._agent.provider
        return GenerativeAnswerer(
            chat_model(actor=self._actor, provider=provider, masking=masking.outbound, gated_inside=masking.is_on)
        )

    def _say(self, sentence: Sentence, showing: Showing) -> Said:
        references = tuple(map(showing.reference, sentence.citations))
        text = None if sentence.is_quote else sentence.text
        self._said.append(StoredSentence(references, text, sentence.paragraph))
        numbers = numbered(said.references for said in self._said)
        shown = showing.sentence(sentence, self._message.pairs)
        return Said(shown, tuple(numbers[one] for one in references))

    def withdrawn(self) -> Iterator[Withdrawn]:
        """Asked before anything more is told.

        Attack stopped: an answer under way goes on quoting a document whose deletion has returned. Residue accepted:
        what was handed to the network before that, and what who asked has read.
        """
        erased = self._silo.erased(KeyKind.DOCUMENT, {one for said in self._said for one in said.documents})
        if erased - self._erased:
            self._erased = erased
            yield Withdrawn(erased)

    def _refuse(self, refusal: Refusal, showing: Showing) -> Refused:
        erased = self._silo.erased(KeyKind.DOCUMENT, {one.document for one in refusal.nearest})
        self._refusal = Refusal(nearest=tuple(one for one in refusal.nearest if one.document not in erased))
        return Refused(Refusal(nearest=tuple(map(showing.passage, self._refusal.nearest))))

    @property
    def has_said(self) -> bool:
        return bool(self._said)

    def carried(self) -> str | None:
        """For the page to bring back."""
        if self._page is None:
            return None
        return self._page.sealed(self._message, actor=self._actor, silo=self._silo.id)

    def store(self) -> None:
        """With its event. A conversation or agent that was erased meanwhile keeps nothing: its key is gone.

        Where its page carries it, the event alone: not even which sentences were weighed can be told from the silo.
        """
        refused = self._refusal is not None
        self._message = message = replace(
            self._message,
            answer=tuple(self._said),
            nearest=tuple(self._nearest()),
            refused=refused,
            stopped=not self._whole,
            unavailable=self._unavailable,
        )
        facts = {"refused": refused, "citations": sum(len(sentence.references) for sentence in self._said)}
        with suppress(KeyDestroyedError, SiloDestroyedError):
            with self._silo.writing() as writer:
                if self._page is None:
                    if not writer.existing(Table.MESSAGE, [id_bytes(message.id)]):
                        return
                    writer.put(Table.MESSAGE, [message.to_record()])
                add_event(writer, events.QUESTION_ANSWERED, self._actor, self._silo, message.id, facts)
            if self._vectors and self._page is None and not message.by_words:
                self._vectors.keep()

    def _nearest(self) -> Iterator[Reference]:
        if self._refusal and self._showing:
            for part in (passage.parts[0] for passage in self._refusal.nearest):
                citation = Citation(part.document, part.number, part.page, part.start, part.end, part.text)
                yield self._showing.reference(citation)
