"""Reading conversations. The actor comes first; a conversation belongs to who asked in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Max, Sum
from django.utils.translation import gettext, gettext_lazy

from muniment.agents.selectors import agents
from muniment.agents.services import open_silo
from muniment.audit.services import pending_event
from muniment.chat import events
from muniment.chat.addresses import document_address
from muniment.chat.carrying import carried
from muniment.chat.models import Conversation
from muniment.chat.records import Message, Reference, Title
from muniment.chat.showing import Places
from muniment.chat.types import Citation, Feedback
from muniment.core.actors import Actor
from muniment.core.errors import CorruptedError, NotFoundError
from muniment.core.ids import id_bytes
from muniment.core.permissions import Permission
from muniment.ingest.selectors import Sight, totals
from muniment.pii.services import restored
from muniment.silo.sealed import SiloReader
from muniment.silo.types import Table

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from muniment.agents.models import Agent


NOT_HELD = gettext_lazy("The documents of this agent do not answer this question.")
_LAST_FIRST = ("-asked_at", "-pk")


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation in a list."""

    id: str
    agent: "Agent"
    title: str
    created_at: datetime
    asked_at: datetime
    questions: int


@dataclass(frozen=True, slots=True)
class ShownCitation:
    """`number` counts through one answer from 1."""

    number: int
    document: str
    name: str
    page: int | None
    headings: tuple[str, ...]
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """`text` is None where the source was erased, and its words with it, or where it `waits` to be masked again."""

    text: str | None
    numbers: tuple[int, ...]
    paragraph: bool
    waits: bool = False


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """`citations`: those of the answer, or the nearest passages of a refusal."""

    id: str
    conversation: str
    asked_at: datetime
    question: str
    searched_for: str | None
    sentences: tuple[ShownSentence, ...]
    citations: tuple[ShownCitation, ...]
    refused: bool
    stopped: bool
    unavailable: bool
    by_words: bool
    feedback: Feedback
    comment: str


@dataclass(frozen=True, slots=True)
class ShownConversation:
    id: str
    title: str
    turns: tuple[ShownTurn, ...]


def own(actor: Actor, agent: "Agent", conversation: str) -> Conversation:
    """A conversation is its asker's own; the operator and the product itself may reach any of their team."""
    found = Conversation.objects.filter(pk=conversation, agent=agent)
    if actor.is_bound:
        found = found.filter(person=actor.ref)
    try:
        return found.get()
    except Conversation.DoesNotExist:
        raise NotFoundError("There is no such conversation.") from None


def has_conversations(actor: Actor) -> bool:
    return _mine(actor).exists()


@dataclass(frozen=True, slots=True)
class OwnTalks:
    """The actor's own conversations, last asked first, for a paginator: the silos of a page alone are opened. With
    `agent` those with one.
    """

    actor: Actor
    agent: "Agent | None" = None

    def __len__(self) -> int:
        return self._mine.count()

    def __getitem__(self, part: slice) -> list[Talk]:
        return _opened(self.actor, self._mine.order_by(*_LAST_FIRST)[part])

    @property
    def _mine(self) -> "QuerySet[Conversation]":
        mine = _mine(self.actor)
        return mine if self.agent is None else mine.filter(agent=self.agent)


def conversations(
    actor: Actor, agent: "Agent | None" = None, *, search: str = "", newest: int | None = None
) -> list[Talk]:
    """The actor's own conversations, last asked first, or the `newest` of them.

    `search` is looked for in titles and questions.
    """
    mine = _mine(actor) if agent is None else _mine(actor).filter(agent=agent)
    return _opened(actor, mine.order_by(*_LAST_FIRST)[:newest], search.casefold().strip())


def conversations_held(actor: Actor, agent: "Agent") -> int:
    """How many conversations the agent holds, whoever had them: a fact of the agent, for whoever may see it."""
    return Conversation.objects.filter(agent=agent, agent__in=agents(actor)).count()


def questions_asked(actor: Actor, agent: "Agent") -> int:
    """How many questions its conversations hold now, whoever asked them: for who may see its statistics."""
    open_silo(actor=actor, agent=agent, permission=Permission.STATISTIC_VIEW)
    return Conversation.objects.filter(agent=agent).aggregate(asked=Sum("messages"))["asked"] or 0


def last_asked(actor: Actor) -> dict[str, datetime]:
    """When each agent that the actor may see was asked last, by whomever; agents never asked are missing."""
    found = Conversation.objects.filter(agent__in=agents(actor)).values("agent").annotate(at=Max("asked_at"))
    return {row["agent"]: row["at"] for row in found}


def conversation(actor: Actor, agent: "Agent", identifier: str) -> ShownConversation:
    """The whole conversation, ready to show. Recorded as an event."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    own(actor, agent, identifier)
    with silo.reading() as reader:
        record = reader.get(Table.CONVERSATION, id_bytes(identifier))
        if record is None:
            raise NotFoundError("There is no such conversation.")
        sight = Sight.of(actor, agent, silo, reader)
        turns = tuple(shown(reader, message, sight) for message in messages_of(reader, identifier))
    with silo.writing() as writer:
        event = pending_event(kind=events.CONVERSATION_READ, actor=actor, subject=identifier, silo=silo.id, facts={})
        writer.add_event(*event)
    return ShownConversation(identifier, Title.from_record(record).text, turns)


def talk(actor: Actor, agent: "Agent", identifier: str) -> Talk:
    """One conversation as a list shows it."""
    found = _opened(actor, [own(actor, agent, identifier)])
    if not found:
        raise NotFoundError("There is no such conversation.")
    return found[0]


def turn(actor: Actor, agent: "Agent", message: str) -> ShownTurn:
    """One answer, ready to show, to who asked for it."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    with silo.reading() as reader:
        record = reader.get(Table.MESSAGE, id_bytes(message))
        if record is None:
            raise NotFoundError("There is no such answer.")
        own(actor, agent, record.group)
        return shown(reader, Message.from_record(record), Sight.of(actor, agent, silo, reader))


def carried_turns(actor: Actor, agent: "Agent", carries: str) -> tuple[ShownTurn, ...]:
    """The turns that a page carries of a conversation that nobody stores, ready to show. Raises CarriedError."""
    silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
    messages = carried(carries, actor=actor, silo=silo.id).messages
    with silo.reading() as reader:
        sight = Sight.of(actor, agent, silo, reader)
        return tuple(shown(reader, message, sight) for message in messages)


def no_answer(actor: Actor, agent: "Agent") -> str:
    """What is said where the documents hold no answer: the agent's own words, or ours. While nothing can be searched,
    the documents must not be said to lack one.
    """
    if not totals(actor, agent).live:
        return gettext("No document of this agent is live yet, so there was nothing to search. Ask again once one is.")
    return agent.no_answer or str(NOT_HELD)


def place_address(pages: str, place: "Citation | ShownCitation", answer: str) -> str:
    """The path that opens the document there. `pages`: as `addresses.pages_of`. `answer`: the message whose other
    places the viewer leads through.
    """
    span = urlencode({"at": f"{place.start}-{place.end}", "answer": answer})
    return f"{document_address(pages, place.document)}?{span}"


def messages_of(reader: SiloReader, conversation: str) -> list[Message]:
    """The messages of a conversation in order."""
    found = [Message.from_record(record) for record in reader.records(Table.MESSAGE, group=conversation)]
    return sorted(found, key=lambda message: message.number)


def words_of(reader: SiloReader, message: Message, sight: Sight) -> str:
    """The answer as plain text, without what was erased."""
    return " ".join(sentence.text for sentence in shown(reader, message, sight).sentences if sentence.text)


def numbered(answer: Iterable[Sequence[Reference]]) -> dict[Reference, int]:
    """The numbers of citations: the same span has the same one throughout an answer, counted from 1."""
    references = (reference for references in answer for reference in references)
    return {reference: number for number, reference in enumerate(dict.fromkeys(references), start=1)}


def shown(reader: SiloReader, message: Message, sight: Sight) -> ShownTurn:
    numbers = numbered(sentence.references for sentence in message.answer) or numbered([message.nearest])
    places = Places(sight, reader, numbers)
    there = {one: place for one in numbers if (place := places.get(one)) is not None}
    documents = places.showing.documents
    return ShownTurn(
        id=message.id,
        conversation=message.conversation,
        asked_at=datetime.fromisoformat(message.asked_at),
        question=message.question,
        searched_for=searched_for(message, sight) if message.is_carried_over else None,
        sentences=tuple(
            ShownSentence(
                text=places.text(sentence, message),
                numbers=tuple(numbers[one] for one in sentence.references if one in there),
                paragraph=sentence.paragraph,
                waits=places.waits(sentence),
            )
            for sentence in message.answer
        ),
        citations=tuple(
            ShownCitation(
                number=numbers[one],
                document=one.document,
                name=sight.name(documents[one.document]),
                page=one.page,
                headings=place.headings,
                start=place.start,
                end=place.end,
                quote=place.quote,
            )
            for one, place in there.items()
        ),
        refused=message.refused,
        stopped=message.stopped,
        unavailable=message.unavailable,
        by_words=message.by_words,
        feedback=message.feedback,
        comment=message.comment,
    )


def searched_for(message: Message, sight: Sight) -> str:
    """What was searched, in names or in stand-ins.

    Attack stopped: what was searched before masking was switched on is in clear. Who may not see names reads the words
    of the question itself.
    """
    if sight.names:
        return restored(message.searched_for, message.pairs)
    return message.searched_for if message.masking == sight.masking.stamp else message.question


def _mine(actor: Actor) -> "QuerySet[Conversation]":
    return Conversation.objects.filter(agent__in=agents(actor), person=actor.ref).select_related("agent")


def _opened(actor: Actor, some: Iterable[Conversation], search: str = "") -> list[Talk]:
    by_agent: dict[str, list[Conversation]] = {}
    for conversation in some:
        by_agent.setdefault(conversation.agent_id, []).append(conversation)
    found = [talk for some in by_agent.values() for talk in _talks(actor, some, search)]
    return sorted(found, key=lambda talk: (talk.asked_at, talk.id), reverse=True)


def _talks(actor: Actor, some: list[Conversation], search: str) -> list[Talk]:
    """Those of one agent. A damaged silo hides its own conversations only; its agent's page says so."""
    agent = some[0].agent
    try:
        silo = open_silo(actor=actor, agent=agent, permission=Permission.CONVERSATION_CREATE)
        with silo.reading() as reader:
            records = reader.get_many(Table.CONVERSATION, [id_bytes(one.id) for one in some])
            titles = {record.group: Title.from_record(record).text for record in records}
            if search:
                titles = {one: title for one, title in titles.items() if _holds(reader, one, title, search)}
    except CorruptedError:
        return []
    return [
        Talk(one.id, agent, titles[one.id], one.created_at, one.asked_at, one.messages)
        for one in some
        if one.id in titles
    ]


def _holds(reader: SiloReader, conversation: str, title: str, search: str) -> bool:
    questions = (message.question for message in messages_of(reader, conversation))
    return search in title.casefold() or any(search in question.casefold() for question in questions)
