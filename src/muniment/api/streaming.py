"""What both APIs that ask agents share: asking by a key, and an answer that is sent while it is made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse

from muniment.api.problems import told_of
from muniment.chat import services
from muniment.chat.types import AskEvent, Heard, Told
from muniment.core.errors import TransientError
from muniment.core.relay import Left, event, relayed
from muniment.teams.services import actor_by_token

if TYPE_CHECKING:
    from muniment.agents.models import Agent

Failed = Callable[[HTTPStatus, str], dict[str, Any]]
"""How a stream tells that something failed, in the form of its API."""


@dataclass
class Growing(Heard):
    """An answer on its way, of which a client has had `sent`."""

    sent: str = field(default="", kw_only=True)

    def grown(self, text: str) -> str:
        """What is new in `text`, the answer so far: nothing where a part of it was withdrawn."""
        more = text.removeprefix(self.sent) if text.startswith(self.sent) else ""
        self.sent = text
        return more

    def require_answer(self) -> None:
        """Raises TransientError where the model did not answer at all."""
        if self.unavailable and not self.said:
            raise TransientError(self.unavailable)


def asked(token: str, agent: "Agent", question: str, conversation: str | Told, left: Left) -> Iterator[AskEvent]:
    """Attack stopped: a key that was revoked while it waited its turn would still be answered."""
    actor, _ = actor_by_token(token)
    yield from services.ask(actor=actor, agent=agent, question=question, conversation=conversation, stopped=left)


def event_stream(produce: Callable[[Left], Iterator[bytes]], *, person: str, failed: Failed) -> StreamingHttpResponse:
    def guarded(left: Left) -> Iterator[bytes]:
        try:
            yield from produce(left)
        except Exception as error:  # noqa: BLE001 - the response has begun: there is no other place for it
            yield event(failed(*told_of(error)))

    content = relayed(guarded, turns=services.answers, person=person)
    # nginx and its kin would hold events back until their buffer is full.
    headers = {"X-Accel-Buffering": "no"}
    return StreamingHttpResponse(content, content_type="text/event-stream; charset=utf-8", headers=headers)
