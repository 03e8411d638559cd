"""One answer on its way in: tried again until its first word, and never after it.

No word of an error answer is passed on: it may repeat the prompt or the key, or speak to the reader.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.core.errors import MunimentError
from muniment.core.network.connecting import GLANCE
from muniment.core.network.errors import StoppedError, UnreachableError
from muniment.core.network.http import Limits, Response, exchange
from muniment.core.network.types import Purpose
from muniment.llm.errors import ModelRefusedError, ModelUnavailableError
from muniment.llm.openai.event_stream import events
from muniment.llm.openai.wire import NEWER, QUOTA, TEMPERATURE, TOO_LONG, Endpoint, Piece, error_code, piece

ATTEMPTS = 3
LONGEST_PAUSE = 30.0  # seconds: who is told to come back later than that tells so
LETTERS = 16  # an answer ends at so many letters for each token it may have, whatever the provider goes on to say
_ERROR_BODY = 65536  # bytes of an error answer that are looked at

_KEY = "The provider refuses the key. An owner of the team can enter a new one under Models."
_UNKNOWN = "The provider does not know this model, or not this address. An owner can check both under Models."
_CREDIT = "The account at the provider has no credit left. Its owner can add some there."
_CONTEXT = "What was found is longer than this model can take in. Choose one that takes more, or shorten instructions."
_BUSY = "The provider is overloaded or has a fault ({status}). Try again in a minute."
_ODD = "The provider answers with status {status}. An owner can check address and model under Models."
_PAGE = "The provider answers with a web page. The address is perhaps not complete: it often ends in /v1."
_FORMAT = "The provider answers in another format than it should. Check its address under Models."
_BROKEN = "The provider broke its answer off. Ask again."
_NOTHING = "The model gave no answer. Ask again, or in other words."
_SENTENCES = {401: _KEY, 403: _KEY, 404: _UNKNOWN, 413: _CONTEXT}


class _BusyError(Exception):
    """Another attempt may work, after so many seconds."""

    def __init__(self, why: MunimentError, after: float | None = None) -> None:
        super().__init__(str(why))
        self.why = why
        self.after = after


@dataclass
class Call:
    """`content`: the body to send; `other` makes the same for models that want it otherwise. Both passed the gate.

    `letters`: how many came; `usage`: tokens asked and answered, where the provider said; `finished`: to its end.
    """

    endpoint: Endpoint
    content: bytes
    other: Callable[[], bytes] | None
    actor: Actor
    limits: Limits
    stopped: Callable[[], bool]
    pause: Callable[[float], None]
    most: int
    letters: int = 0
    usage: tuple[int, int] | None = None
    finished: bool = False

    def said(self) -> Iterator[str]:
        """Raises ModelUnavailableError, ModelRefusedError, StoppedError and what `exchange` raises."""
        for attempt in range(ATTEMPTS):
            try:
                yield from self._once()
            except _BusyError as busy:
                after = busy.after if busy.after is not None else 2**attempt * random.uniform(0.5, 1)  # noqa: S311
                if self.letters or attempt == ATTEMPTS - 1 or after > LONGEST_PAUSE:
                    raise ModelUnavailableError(busy.why) from None
                self._wait(after)
            else:
                break
        if not self.letters:
            raise ModelUnavailableError(_NOTHING)

    def _once(self) -> Iterator[str]:
        try:
            request = self.endpoint.completion(self.content)
            with exchange(
                request, actor=self.actor, purpose=Purpose.MODEL, limits=self.limits, stopped=self.stopped
            ) as response:
                if not self._wants_the_other(response):
                    yield from self._read(response)
                    return
        except StoppedError:
            raise
        except UnreachableError as error:
            raise _BusyError(error) from None
        assert self.other is not None  # noqa: S101 - narrowed by `_wants_the_other`
        self.content, self.other = self.other(), None
        yield from self._once()

    def _read(self, response: Response) -> Iterator[str]:
        for found in self._pieces(response):
            self.usage = found.usage or self.usage
            self.finished = self.finished or found.finished
            if found.failed:
                raise _BusyError(ModelUnavailableError(_BROKEN))
            if found.text:
                self.letters += len(found.text)
                yield found.text
            if self.letters > LETTERS * self.most:
                return
        if not self.finished:
            raise _BusyError(ModelUnavailableError(_BROKEN))

    def _pieces(self, response: Response) -> Iterator[Piece]:
        if response.media_type == "application/json":  # it does not stream
            texts: Iterator[str] = iter([b"".join(response.body).decode("utf-8", "replace")])
        elif response.media_type == "text/event-stream":
            texts = events(response.body)
        else:
            raise ModelRefusedError(_PAGE if response.media_type == "text/html" else _FORMAT)
        for text in texts:
            if text == "[DONE]":
                self.finished = True
                return
            found = piece(text)
            if found is None:
                raise ModelUnavailableError(_FORMAT)
            yield found

    def _wants_the_other(self, response: Response) -> bool:
        """Whether the model wants the body in its other form. Raises for every other answer that is none."""
        status = response.status
        if status in range(200, 300):
            return False
        code = error_code(beginning(response)) if status in {400, 413, 422, 429} else ""
        if code == QUOTA:
            raise ModelRefusedError(_CREDIT)
        if status in {408, 409, 425, 429} or status >= 500:
            raise _BusyError(ModelUnavailableError(_BUSY, status=status), retry_after(response))
        if code in {NEWER, TEMPERATURE} and self.other is not None:
            return True
        if code == TOO_LONG or status in _SENTENCES:
            raise ModelRefusedError(_CONTEXT if code == TOO_LONG else _SENTENCES[status])
        raise ModelRefusedError(_ODD, status=status)

    def _wait(self, seconds: float) -> None:
        while seconds > 0:
            if self.stopped():
                raise StoppedError("Stopped.")
            self.pause(min(seconds, GLANCE))
            seconds -= GLANCE


def beginning(response: Response) -> bytes:
    found = b""
    for some in response.body:
        found += some
        if len(found) > _ERROR_BODY:
            break
    return found


def retry_after(response: Response) -> float | None:
    """Seconds, from the header's seconds or date (RFC 9110, section 10.2.3); None where it says nothing of sense."""
    said = response.headers.get("retry-after", "")
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        return max((parsedate_to_datetime(said) - now()).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
