"""A question before any model sees it: masked as the documents are, the subject of an earlier one carried over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from muniment.agents.types import Masking
from muniment.chat.answering.followups import carry_over
from muniment.chat.records import Message
from muniment.chat.types import Turn
from muniment.core.actors import Actor
from muniment.core.ids import new_id
from muniment.pii.services import WorkingQuestion, find_personal_data, restored, working_question
from muniment.retrieval.selectors import held

if TYPE_CHECKING:
    from muniment.agents.models import Agent


@dataclass(frozen=True, slots=True)
class Searched:
    """`working`: the question as a working text; `searched_for`: the same, or with what was carried over; `pairs`:
    what stand-ins in either stand for.
    """

    working: str
    searched_for: str
    pairs: Mapping[str, str]


class Masker:
    """Masks what one person asks one agent. Raises TransientError while the detector is down: nothing is asked then."""

    def __init__(self, actor: Actor, agent: "Agent", masking: Masking) -> None:
        self._masking = masking
        self._held = partial(held, actor, agent)

    def searched(self, question: str, earlier: Sequence[tuple[Message, str]] = ()) -> Searched:
        """`earlier`: what was asked before in the conversation, the last one last, with its answer."""
        own = self._masked(question)
        before = [self._searched_before(message) for message, _ in earlier]
        turns = [Turn(one.text, one.text, answer) for one, (_, answer) in zip(before, earlier, strict=True)]
        carried = carry_over(own.text, turns).searched_for
        pairs = {key: words for one in (*before, own) for key, words in one.pairs.items() if key in carried}
        return Searched(own.text, carried, pairs)

    def told(self, question: str, answer: str) -> tuple[Message, str]:
        """A turn as who asks tells it: masked, answer and all, for any of it may come to be searched."""
        asked = self._masked(question)
        message = Message(
            id=new_id(),
            conversation="",
            number=0,
            asked_at="",
            question=question,
            searched_for=asked.text,
            pairs=asked.pairs,
            masking=self._masking.stamp,
        )
        return message, self._masked(answer).text

    def _searched_before(self, message: Message) -> WorkingQuestion:
        """Attack stopped: a name asked for before masking was switched on is carried over into the next question."""
        if message.masking == self._masking.stamp:
            return WorkingQuestion(message.searched_for, message.pairs)
        return self._masked(restored(message.searched_for, message.pairs))

    def _masked(self, text: str) -> WorkingQuestion:
        if not self._masking.is_on:
            return WorkingQuestion(text)
        selection, stand_in = self._masking.selection, self._masking.stand_in
        spans = find_personal_data(text, selection=selection)
        return working_question(text, spans, selection=selection, stand_in=stand_in, held=self._held)
