"""The turns of a conversation that nobody stores: its page carries them, sealed, and brings them with each question.

Sealed for one person and one silo under a key that dies with the process (`crypto.fleeting`).

Attack stopped: a page brings back turns of somebody else, of another agent or of its own making, to have a follow-up
answered with what it must not see. Attack stopped: a browser remembers the fields of a form on its disk, and who finds
them reads what was asked. Residue accepted: what a page shows is in the browser's memory (N-97), and turns that were
taken out of a page can be brought back by the same person for half a day.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from muniment.agents.selectors import deletes
from muniment.chat.errors import CarriedError, KeepingChangedError
from muniment.chat.records import Message
from muniment.core.actors import Actor
from muniment.crypto.errors import SealError
from muniment.crypto.fleeting import open_fleeting, seal_fleeting
from muniment.silo.sealed import Record, Silo

if TYPE_CHECKING:
    from muniment.agents.models import Agent

_PURPOSE = "turns"
TURNS = 20
"""The newest so many: what a page without a script can show again."""
_WITHIN = timedelta(hours=12)  # a session without use ends as soon
_LONGEST = 1_500_000
"""Characters; a form may have 2.5 MB."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What one page carries, opened."""

    messages: tuple[Message, ...] = ()

    def before(self, message: str | None) -> "Carried":
        """Without this one, which is asked anew, and all after it."""
        known = [one.id for one in self.messages]
        return Carried(self.messages[: known.index(message)]) if message in known else self

    def sealed(self, newest: Message, *, actor: Actor, silo: str) -> str:
        records = [one.to_record() for one in (*self.messages, newest)[-TURNS:]]
        content = json.dumps([[record.id.hex(), record.content.decode()] for record in records], ensure_ascii=False)
        return seal_fleeting(content.encode(), silo=silo, row=actor.ref, purpose=_PURPOSE)


def page_of(
    actor: Actor, agent: "Agent", silo: Silo, *, conversation: str | None, carries: str | None, replaces: str | None
) -> Carried | None:
    """What the page carries that asks; None where the silo stores the conversation, as the agent is at this moment.

    Attack stopped: conversations begin to be stored while a page is open that says they are not, and what is typed
    there in confidence is kept. Raises KeepingChangedError, CarriedError.
    """
    if not deletes(actor, agent).conversations:
        if carries is not None:
            raise KeepingChangedError(
                "This agent stores conversations since a moment ago. Nothing of this question was kept; load the page "
                "again, and ask if you agree."
            )
        return None
    if conversation is not None:
        raise KeepingChangedError("This agent stores no conversations any more. Ask on its first page.")
    return carried(carries or "", actor=actor, silo=silo.id).before(replaces)


def carried(text: str, *, actor: Actor, silo: str) -> Carried:
    """Raises CarriedError. Empty for a page that carries nothing yet."""
    if not text:
        return Carried()
    if len(text) > _LONGEST:
        raise CarriedError
    try:
        content = open_fleeting(text, silo=silo, row=actor.ref, purpose=_PURPOSE, within=_WITHIN)
    except SealError:
        raise CarriedError from None
    records = json.loads(content)
    return Carried(tuple(Message.from_record(Record(bytes.fromhex(row), "", body.encode())) for row, body in records))
