"""Local models of tests: started like the operator's, asked, and ended."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from muniment.llm.local.model import LocalModel
from muniment.llm.local.process import Size
from muniment.llm.types import ChatMessage, ChatRequest, Role

SIZE = Size(context=512, threads=2, memory=2 * 2**30)
Start = Callable[..., LocalModel]


@pytest.fixture
def start() -> Iterator[Start]:
    """Makes local models and ends their children."""
    made: list[LocalModel] = []

    def make(path: Path, *, size: Size = SIZE, idle: float = 0, kind: type[LocalModel] = LocalModel) -> LocalModel:
        made.append(kind(path, size, idle=idle))
        return made[-1]

    yield make
    for model in made:
        model.close()


def asked(*texts: str, max_tokens: int = 32, temperature: float = 0.0) -> ChatRequest:
    return ChatRequest(tuple(ChatMessage(Role.USER, text) for text in texts), max_tokens, temperature)


def going_on() -> bool:
    return False


def answer(model: LocalModel, *texts: str, max_tokens: int = 32) -> str:
    return "".join(model.stream(asked(*texts, max_tokens=max_tokens), stopped=going_on))
