"""Asking, and what one does with conversations afterwards."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from muniment.agents.selectors import deletes
from muniment.agents.services import open_silo
from muniment.chat import events
from muniment.chat.answer import Answer
from muniment.chat.carrying import Carried, page_of
from muniment.chat.erasing import (
    delete_conversation,
    delete_conversations,
    expire_conversations,
    finish_erasures,
    match_conversations,
)
from muniment.chat.errors import KeepingChangedError, QuestionError, TitleError
from muniment.chat.events import add_event
from muniment.chat.models import Conversation
from muniment.chat.questions import Masker, Searched
from muniment.chat.records import Message, Title
from muniment.chat.selectors import messages_of, own, searched_for, words_of
from muniment.chat.types import (
    AskEvent,
    Feedback,
    Finished,
    Question,
    Started,
    Told,
)
from muniment.core.actors import Actor, ActorKind
from muniment.core.cleaning import one_line
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.core.ids import id_bytes, new_id
from muniment.core.permissions import Permission
from muniment.core.turns import Turns
from muniment.credits.services import one_query
from muniment.crypto.types import KeyKind
from muniment.ingest.selectors import Sight
from muniment.silo.sealed import Silo, SiloReader
from muniment.silo.types import Table

if TYPE_CHECKING:
    from muniment.agents.models import Agent

__all__ = [
    "answers",
    "ask",
    "delete_conversation",
    "delete_conversations",
    "expire_conversations",
    "finish_erasures",
    "match_conversations",
    "rate_message",
    "rename_conversation",
    "start_conversation",
    "turns_of",
]
QUESTION_LENGTH = 4000
TITLE_LENGTH = 200
COMMENT_LENGTH = 2000
TURNS = 3  # how far back a follow-up may reach
EXPIRE = "chat:expire"
answers = Turns("ask", places=8, each=4)
"""Every answer of this process is made in one of these places, by whichever door a member asks for it."""
answers_outside = Turns("outside_ask", places=4, each=1)
"""And those to outsiders in one of these. Attack stopped: a class of pupils fills the places of the staff."""


def turns_of(actor: Actor) -> Turns:
    return answers_outside if actor.kind is ActorKind.OUTSIDER else answers


def ask(
    *,
    actor: Actor,
    agent: "Agent",
    question: str,
    conversation: str | Told | None = None,
    replaces: str | None = None,
    carries: str | None = None,
    quoting: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[AskEvent]:
    """Asks the agent; yields what happens while it happens, with names for who may see them and stand-ins for others.
    `conversation`: the id of a stored one; or the turns of one that who asks keeps and tells, which say what a
    follow-up is about. `replaces`: the message asked anew, with all after it. `quoting`: answers with quotes although
    the agent has a model, for when that is down.

    The question is stored, with its event, before anything is read; the answer when the iterator ends, also when it
    is closed or `stopped` says so: what had been said is kept. Of an agent that keeps no conversations the events alone
    are stored. `carries` is then what the last answer handed out to be brought back, empty for a new conversation; None
    for who asks once. Raises CarriedError, KeepingChangedError, QueriesSpentError, each with nothing stored.
    """
    text, told = _question(question), () if isinstance(conversation, str) else conversation or ()
    conversation = conversation if isinstance(conversation, str) else None
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    page = page_of(actor, agent, silo, conversation=conversation, carries=carries, replaces=replaces)
    with silo.reading() as reader:
        sight = Sight.of(actor, agent, silo, reader)
        if conversation is not None:
            own(actor, agent, conversation)
        earlier = _earlier(reader, conversation, replaces) if page is None else page.messages
        working = Sight(names=False, masking=sight.masking)
        before = [(message, words_of(reader, message, working)) for message in earlier[-TURNS:]]
    masker = Masker(actor, agent, sight.masking)
    before += [] if before else [masker.told(*turn) for turn in told[-TURNS:]]
    typed = _Typed(text, masker.searched(text, before), sight.masking.stamp)
    with one_query(actor=actor, team=agent.team_id, silo=silo.id) as query:  # before anything of it is stored
        if page is None:
            message = _store_question(actor, agent, silo, typed, conversation, replaces)
        else:
            message = _carry_question(actor, silo, typed, page)
        answer = Answer(actor, agent, silo, message, sight, page, quoting=quoting)
        shown = searched_for(message, sight) if message.is_carried_over else text
        yield Started(message.conversation, message.id, Question(text, shown), answer.carried())
        try:
            yield from answer.stream(stopped)
        finally:
            query.is_answered = answer.has_said
            answer.store()
    yield from answer.withdrawn()
    yield Finished(message.id, answer.carried())


def start_conversation(*, actor: Actor, agent: "Agent", title: str) -> str:
    """An empty conversation of the actor's with this title; its id. Raises TitleError, KeepingChangedError where the
    agent keeps none.
    """
    title = _checked_title(title)
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    if deletes(actor, agent).conversations:
        raise KeepingChangedError("This agent keeps no conversations. Ask it without one.")
    conversation = silo.new_group(KeyKind.CONVERSATION)
    with transaction.atomic():
        Conversation.objects.create(id=conversation, agent=agent, person=actor.ref)
    with silo.writing() as writer:
        writer.put(Table.CONVERSATION, [Title(conversation, title).to_record()])
        add_event(writer, events.CONVERSATION_STARTED, actor, silo, conversation)
    return conversation


def rename_conversation(*, actor: Actor, agent: "Agent", conversation: str, title: str) -> None:
    title = _checked_title(title)
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    own(actor, agent, conversation)
    with silo.writing() as writer:
        writer.put(Table.CONVERSATION, [Title(conversation, title).to_record()])
        add_event(writer, events.CONVERSATION_RENAMED, actor, silo, conversation)


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
            add_event(writer, events.FEEDBACK_CHANGED, actor, silo, message)
        else:
            facts = {"helpful": found.feedback is Feedback.HELPFUL}
            add_event(writer, events.FEEDBACK_GIVEN, actor, silo, message, facts)
    return found.conversation


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
        add_event(writer, events.QUESTION_ASKED, actor, silo, message.id)
    Conversation.objects.filter(pk=conversation).update(asked_at=now(), messages=len(earlier) + 1)
    return message


def _carry_question(actor: Actor, silo: Silo, typed: _Typed, page: Carried) -> Message:
    message = _message(typed, page.messages, "")
    with silo.writing() as writer:
        add_event(writer, events.QUESTION_ASKED, actor, silo, message.id)
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


def _question(text: str) -> str:
    text = text.strip()
    if not text:
        raise QuestionError("The question is empty. Type a question first.")
    if len(text) > QUESTION_LENGTH:
        raise QuestionError("The question is longer than {limit} characters. Shorten it.", limit=QUESTION_LENGTH)
    return text


def _checked_title(title: str) -> str:
    title = one_line(title)
    if not 1 <= len(title) <= TITLE_LENGTH:
        raise TitleError("A title has 1 to {limit} characters. Choose another one.", limit=TITLE_LENGTH)
    return title


def _title(question: str) -> str:
    words = one_line(question)
    return words if len(words) <= 80 else words[:79].rsplit(" ", 1)[0] + "…"
