"""Requests and answers of OpenAI's Chat Completions API, as far as an agent has a use for them.

Source: https://platform.openai.com/docs/api-reference/chat. What is sent beside these fields is passed over.
"""

from typing import Literal

from ninja import Schema
from pydantic import BaseModel, Field

MESSAGES = 400


class Part(Schema):
    type: str
    text: str = ""


class ChatMessage(Schema):
    """`content` is text, or parts of which the texts are read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(Schema):
    include_usage: bool = False


class CompletionRequest(Schema):
    """`model`: id of an agent, or its name where no other has the same; needed where the address names none.
    `conversation`, ours: one to go on with.
    """

    model: str | None = Field(default=None, max_length=200)
    messages: list[ChatMessage] = Field(min_length=1, max_length=MESSAGES)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = 1
    conversation: str | None = Field(default=None, max_length=26)


class Model(BaseModel):
    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str
    name: str


class ModelList(BaseModel):
    object: Literal["list"] = "list"
    data: list[Model]
