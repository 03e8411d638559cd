"""Asking, and what one does with conversations afterwards."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from muniment.agents.services import open_silo
from muniment.agents.types import AnswerLength
from muniment.audit.services import pending_event
from muniment.audit.types import AuditKind
from muniment.chat import events
from muniment.chat.answering.definitions import definition_sought
from muniment.chat.answering.extractive import ExtractiveAnswerer
from muniment.chat.answering.generative import GenerativeAnswerer
from muniment.chat.answering.grounding import grounded
from muniment.chat.answering.parts import parts
from muniment.chat.carrying import Carried, page_of
from muniment.chat.erasing import (
    delete_conversation,
    delete_conversations,
    expire_conversations,
    finish_erasures,
    match_conversations,
)
from muniment.chat.errors import QuestionError, TitleError
from muniment.chat.finding import check_masking, find
from muniment.chat.models import Conversation
from muniment.chat.questions import Masker, Searched
from muniment.chat.records import Feedback, Message, Reference, StoredSentence, Title
from muniment.chat.selectors import messages_of, numbered, own, searched_for, words_of
from muniment.chat.sentence_vectors import StoredSentenceVectors
from muniment.chat.showing import Showing
from muniment.chat.sources import Sources
from muniment.chat.types import (
    Answerer,
    AnswerRequest,
    AskEvent,
    Citation,
    Finished,
    Found,
    ModelDown,
    Question,
    Refusal,
    Refused,
    Said,
    Sentence,
    Started,
    Withdrawn,
)
from muniment.core.actors import Actor
from muniment.core.cleaning import one_line
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.core.ids import id_bytes, new_id
from muniment.core.permissions import Permission
from muniment.core.registries import OutboundMasking
from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.types import KeyKind
from muniment.ingest.selectors import Sight
from muniment.llm.errors import ModelRefusedError, ModelUnavailableError
from muniment.llm.services import chat_model, embedder
from muniment.retrieval.selectors import passages, term_weights
from muniment.retrieval.types import Query
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.sealed import Silo, SiloReader, SiloWriter
from muniment.silo.types import Table

if TYPE_CHECKING:
    from muniment.agents.models import Agent

__all__ = [
    "ask",
    "delete_conversation",
    "delete_conversations",
    "expire_conversations",
    "finish_erasures",
    "match_conversations",
    "rate_message",
    "rename_conversation",
]
QUESTION_LENGTH = 4000
TITLE_LENGTH = 200
COMMENT_LENGTH = 2000
PASSAGES = 8  # chunks; more for each further thing a question asks
PASSAGES_PER_PART = 3
SENTENCES = {AnswerLength.SHORT: 2, AnswerLength.MEDIUM: 5, AnswerLength.LONG: 9}
TURNS = 3  # how far back a follow-up may reach
EXPIRE = "chat:expire"
ANSWERER: Answerer = ExtractiveAnswerer()


def ask(
    *,
    actor: Actor,
    agent: "Agent",
    question: str,
    conversation: str | None = None,
    replaces: str | None = None,
    carries: str | None = None,
    quoting: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[AskEvent]:
    """Asks the agent; yields what happens while it happens, with names for who may see them and stand-ins for others.
    `replaces`: the message asked anew, with all after it. `quoting`: answers with quotes although the agent has a
    model, for when that is down.

    The question is stored, with its event, before anything is read; the answer when the iterator ends, also when it
    is closed or `stopped` says so: what had been said is kept. Of an agent that keeps no conversations the events alone
    are stored. `carries` is then what the last answer handed out to be brought back, empty for a new conversation; None
    for who asks once. Raises CarriedError, KeepingChangedError.
    """
    text = _question(question)
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    page = page_of(actor, agent, silo, conversation=conversation, carries=carries)
    with silo.reading() as reader:
        sight = Sight.of(actor, agent, silo, reader)
        if conversation is not None:
            own(actor, agent, conversation)
        earlier = page.before(replaces).messages if page else _earlier(reader, conversation, replaces)
        working = Sight(names=False, masking=sight.masking)
        told = [(message, words_of(reader, message, working)) for message in earlier[-TURNS:]]
    typed = _Typed(text, Masker(actor, agent, sight.masking).searched(text, told), sight.masking.stamp)
    if page is None:
        message = _store_question(actor, agent, silo, typed, conversation, replaces)
    else:
        page = page.before(replaces)
        message = _carry_question(actor, silo, typed, page)
    answer = _Answer(actor, agent, silo, message, sight, page, quoting=quoting)
    shown = searched_for(message, sight) if message.is_carried_over else text
    yield Started(message.conversation, message.id, Question(text, shown), answer.carried())
    try:
        yield from answer.stream(stopped)
    finally:
        answer.store()
    yield from answer.withdrawn()
    yield Finished(message.id, answer.carried())


def rename_conversation(*, actor: Actor, agent: "Agent", conversation: str, title: str) -> None:
    title = one_line(title)
    if not 1 <= len(title) <= TITLE_LENGTH:
        raise TitleError(f"A title has 1 to {TITLE_LENGTH} characters. Choose another one.")
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    own(actor, agent, conversation)
    with silo.writing() as writer:
        writer.put(Table.CONVERSATION, [Title(conversation, title).to_record()])
        _event(writer, events.CONVERSATION_RENAMED, actor, silo, conversation)


def rate_message(
    *, actor: Actor, agent: "Agent", message: str, verdict: Feedback | None = None, comment: str | None = None
) -> str:
    """Keeps a verdict (Feedback.NONE takes it back) and a comment with the message; None leaves either as it was.

    Returns the conversation it belongs to.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    with silo.writing() as writer:
        record = writer.get(Table.MESSAGE, id_bytes(message))
        if record is None:
            raise NotFoundError("There is no such answer.")
        found = Message.from_record(record)
        own(actor, agent, found.conversation)
        if verdict is not None:
            found = replace(found, feedback=verdict)
        if comment is not None:
            found = replace(found, comment=comment.strip()[:COMMENT_LENGTH])
        writer.put(Table.MESSAGE, [found.to_record()])
        if found.feedback is Feedback.NONE:
            _event(writer, events.FEEDBACK_CHANGED, actor, silo, message)
        else:
            facts = {"helpful": found.feedback is Feedback.HELPFUL}
            _event(writer, events.FEEDBACK_GIVEN, actor, silo, message, facts)
    return found.conversation


class _Answer:
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
        model = embedder()
        split = parts(question.searched_for)
        whole, *vectors = model.embed([question.searched_for, *split])
        asked = [Query(text, vector) for text, vector in zip(split, vectors, strict=True)]
        words = [text for one in split or (question.searched_for,) if (text := definition_sought(one))]
        limit = PASSAGES + PASSAGES_PER_PART * max(len(asked) - 1, 0)
        search = partial(passages, self._actor, self._agent, question.searched_for, vector=whole, limit=limit)
        found, showing = find(self._silo, self._sight, partial(search, parts=asked, words=words))
        self._showing = showing
        yield Found(found)
        self._vectors = StoredSentenceVectors(self._silo, model)
        sources = Sources(self._silo, (chunk for passage in found for chunk in passage.parts))
        request = AnswerRequest(
            question=question,
            parts=tuple(asked) or (Query(question.searched_for, whole),),
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
        except (ModelRefusedError, ModelUnavailableError) as error:
            self._unavailable = True
            yield ModelDown(str(error))
        self._whole = not stopped() and not self._unavailable
        if self._whole and self._refusal is None and all(one.documents & self._erased for one in self._said):
            yield self._refuse(Refusal(nearest=()), showing)

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
        masking = self._sight.masking
        outbound = OutboundMasking(masking.selection, masking.stand_in) if masking.is_on else OutboundMasking()
        return GenerativeAnswerer(
            chat_model(actor=self._actor, provider=self._agent.provider, masking=outbound, gated_inside=masking.is_on)
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
                _event(writer, events.QUESTION_ANSWERED, self._actor, self._silo, message.id, facts)
            if self._vectors and self._page is None:
                self._vectors.keep()

    def _nearest(self) -> Iterator[Reference]:
        if self._refusal and self._showing:
            for part in (passage.parts[0] for passage in self._refusal.nearest):
                citation = Citation(part.document, part.number, part.page, part.start, part.end, part.text)
                yield self._showing.reference(citation)


@dataclass(frozen=True, slots=True)
class _Typed:
    """A question as it was typed, as it is searched, and the stamp of the masking between the two."""

    text: str
    searched: Searched
    masking: str


def _earlier(reader: SiloReader, conversation: str | None, replaces: str | None) -> list[Message]:
    """What was asked before, without what is asked anew and all after it."""
    found = messages_of(reader, conversation) if conversation else []
    return found[: next((place for place, one in enumerate(found) if one.id == replaces), len(found))]


def _store_question(
    actor: Actor, agent: "Agent", silo: Silo, typed: _Typed, conversation: str | None, replaces: str | None
) -> Message:
    if conversation is None:
        conversation, title = silo.new_group(KeyKind.CONVERSATION), _title(typed.text)
        with transaction.atomic():
            Conversation.objects.create(id=conversation, agent=agent, person=actor.ref)
    else:
        title = None
    with silo.writing() as writer:
        earlier = _earlier(writer, conversation, replaces)
        kept = {id_bytes(one.id) for one in earlier}
        writer.delete(Table.MESSAGE, [one for one in writer.ids(Table.MESSAGE, group=conversation) if one not in kept])
        message = _message(typed, earlier, conversation)
        if title is not None:
            writer.put(Table.CONVERSATION, [Title(conversation, title).to_record()])
        writer.put(Table.MESSAGE, [message.to_record()])
        _event(writer, events.QUESTION_ASKED, actor, silo, message.id)
    Conversation.objects.filter(pk=conversation).update(asked_at=now(), messages=len(earlier) + 1)
    return message


def _carry_question(actor: Actor, silo: Silo, typed: _Typed, page: Carried) -> Message:
    message = _message(typed, page.messages, "")
    with silo.writing() as writer:
        _event(writer, events.QUESTION_ASKED, actor, silo, message.id)
    return message


def _message(typed: _Typed, earlier: Sequence[Message], conversation: str) -> Message:
    return Message(
        id=new_id(),
        conversation=conversation,
        number=earlier[-1].number + 1 if earlier else 1,
        asked_at=now().isoformat(timespec="seconds"),
        question=typed.text,
        working=typed.searched.working if typed.searched.working != typed.text else "",
        searched_for=typed.searched.searched_for,
        pairs=typed.searched.pairs,
        masking=typed.masking,
        stopped=True,  # until the answer is stored: a server that is killed over it leaves it so
    )


def _event(
    writer: SiloWriter,
    kind: AuditKind,
    actor: Actor,
    silo: Silo,
    subject: str,
    facts: Mapping[str, object] | None = None,
) -> None:
    writer.add_event(*pending_event(kind=kind, actor=actor, subject=subject, silo=silo.id, facts=facts or {}))


def _question(text: str) -> str:
    text = text.strip()
    if not text:
        raise QuestionError("The question is empty. Type a question first.")
    if len(text) > QUESTION_LENGTH:
        raise QuestionError(f"The question is longer than {QUESTION_LENGTH:,} characters. Shorten it.")
    return text


def _title(question: str) -> str:
    words = one_line(question)
    return words if len(words) <= 80 else words[:79].rsplit(" ", 1)[0] + "…"
