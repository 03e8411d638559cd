"""What other rooms may know of a model."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

from muniment.core.actors import Actor
from muniment.core.errors import MunimentError
from muniment.core.registries import OutboundMasking

Vectors = npt.NDArray[np.float32]


PACKAGED_EMBEDDER = "all-MiniLM-L6-v2-int8"
"""The name of the embedder that comes with the installation."""


@dataclass(frozen=True, slots=True)
class Outbound:
    """For whom texts go to an endpoint, and how they are masked there.

    `gated_inside`: False where the agent's masking is off: then what goes to a host of the operator's own passes no
    gate. What goes elsewhere passes it, whatever is said here.
    """

    actor: Actor
    masking: OutboundMasking
    gated_inside: bool = True


Sender = Callable[[], Outbound]
"""Told anew before each call: an agent's masking may have been changed meanwhile."""


class Embedder(Protocol):
    """Turns texts into vectors. Implementations are safe to share between threads; an endpoint's raise our errors."""

    @property
    def name(self) -> str:
        """Names model, weights and preparation: vectors under different names must not be compared."""

    @property
    def dimension(self) -> int:
        """Numbers per vector."""

    @property
    def max_tokens(self) -> int:
        """What the model reads of a text, its own marks included; the rest is ignored."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32[len(texts), dimension], rows of length 1, in the order of `texts`; shape (0, dimension) for none."""

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """The same for questions, which some models were trained to read differently than what answers them."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each whole text, the model's own marks included: a text fits when this is <= `max_tokens`."""


class Reranker(Protocol):
    """Says how well passages fit a question, reading both together. Safe to share between threads."""

    @property
    def name(self) -> str: ...

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One number for each passage, higher is better, meaningless across questions. Raises one of our errors."""


class ModelUse(StrEnum):
    """What a model of the whole installation is for."""

    EMBEDDING = "embedding"
    RERANKER = "reranker"


@dataclass(frozen=True, slots=True)
class ModelInUse:
    """`address` and `model`, as it is called there, of an endpoint's; empty for one on this machine."""

    use: ModelUse
    name: str
    address: str = ""
    model: str = ""
    inside: bool = True


class Role(StrEnum):
    """Who a message of a chat is from, as the OpenAI chat completions format names them."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """`max_tokens` of the answer at most; `temperature` 0 to 2, where 0 gives the likeliest words."""

    messages: tuple[ChatMessage, ...]
    max_tokens: int
    temperature: float = 0.0


class ChatModel(Protocol):
    """A model that goes on with a chat: a provider's, or one on this machine. Safe to share between threads."""

    @property
    def name(self) -> str:
        """Provider and model as people read them."""

    @property
    def is_external(self) -> bool:
        """Whether what is asked leaves what the operator runs: then it passes the outbound gate, always."""

    def stream(self, request: ChatRequest, *, stopped: Callable[[], bool]) -> Iterator[str]:
        """The answer piece by piece, as it is made; closing the iterator, or `stopped`, ends the call.

        Raises ModelUnavailableError, ModelRefusedError (llm.errors); neither holds a word of the request or answer.
        """


LOCAL = "local"
"""Stands where the id of a provider does, for the model on this machine."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the questions of an agent go: a provider's name, its model, and its host with the port if it is unusual.

    `is_inside`: the operator lists that host as one of his own.
    """

    name: str
    model: str
    host: str
    is_inside: bool


class ProviderKind(StrEnum):
    """How an endpoint wants to be spoken to."""

    OPENAI = "openai"  # and whatever speaks as it does: Ollama, vLLM, LM Studio, llama.cpp
    AZURE = "azure"  # a deployment in the path, `api-version` behind it, the key in a header of its own


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of asking a model a word. `why` not, None when it answered; `models` it says it has."""

    milliseconds: int
    models: tuple[str, ...]
    why: MunimentError | None

    @property
    def answered(self) -> bool:
        return self.why is None

    @property
    def sentence(self) -> str:
        return str(self.why or "")


@dataclass(frozen=True, slots=True)
class Spent:
    """What a team used in this month, and what it may; None: no limit. Cost in the currency of its prices."""

    calls: int
    tokens: int
    cost: Decimal
    token_limit: int | None
    cost_limit: Decimal | None
