"""`ChatModel` over an OpenAI-compatible endpoint: what is asked is gated, counted and paid for."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from muniment.core.actors import Actor
from muniment.core.errors import MunimentError, PermanentError, TransientError
from muniment.core.network.errors import StoppedError
from muniment.core.network.http import Limits
from muniment.llm.errors import ModelRefusedError, ModelUnavailableError
from muniment.llm.openai.call import Call
from muniment.llm.openai.wire import Endpoint, body, estimated_tokens
from muniment.llm.types import ChatRequest

Paid = Callable[[int, int, bool], None]
"""Told how many tokens were asked and answered, and whether it answered to the end."""


@dataclass(frozen=True, slots=True)
class OpenAIModel:
    """Implements `llm.types.ChatModel`. `gate`: the bytes as they may go out; `reserve`: counts a call of so many
    tokens asked and, at most, answered. Both raise one of our errors, and then nothing goes out.
    """

    name: str
    endpoint: Endpoint
    is_external: bool
    actor: Actor
    gate: Callable[[bytes], bytes]
    reserve: Callable[[int, int], Paid]
    limits: Limits
    pause: Callable[[float], None] = time.sleep

    def stream(self, request: ChatRequest, *, stopped: Callable[[], bool]) -> Iterator[str]:
        """The body passes the gate right before the wire; what it returns is what every attempt sends."""
        content = self._gated(request)
        asked = estimated_tokens(content)
        paid = self.reserve(asked, request.max_tokens)
        other = partial(self._gated, request, newer=True)
        call = Call(
            self.endpoint, content, other, self.actor, self.limits, stopped, self.pause, most=request.max_tokens
        )
        try:
            yield from call.said()
        except StoppedError:
            return
        except TransientError as error:
            raise ModelUnavailableError(error) from None
        except PermanentError as error:
            raise ModelRefusedError(error) from None
        finally:
            guessed = (asked, call.letters // 4 + 1) if call.letters else (0, 0)
            paid(*(call.usage or guessed), call.finished)

    def _gated(self, request: ChatRequest, *, newer: bool = False) -> bytes:
        try:
            return self.gate(body(request, self.endpoint.model, newer=newer))
        except MunimentError as error:
            raise ModelRefusedError(error) from None
