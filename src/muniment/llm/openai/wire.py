"""The OpenAI chat completions format: what is sent, and what of an answer is believed.

https://platform.openai.com/docs/api-reference/chat and, for Azure,
https://learn.microsoft.com/azure/ai-services/openai/reference.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from muniment.core.network.http import Request
from muniment.llm.types import ChatRequest, ProviderKind

_LETTERS_PER_TOKEN = 3  # fewer than any tokenizer makes of European languages: an estimate on the safe side
_MOST_TOKENS = 10_000_000  # of one call: what a provider counts beyond is no count


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is and how it is spoken to. `key` may be empty."""

    kind: ProviderKind
    base_url: str
    model: str
    api_version: str
    key: str

    def completion(self, body: bytes) -> Request:
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream", **self._key()}
        below = "/chat/completions"
        if self.kind is ProviderKind.AZURE:
            below = f"/openai/deployments/{quote(self.model, safe='')}{below}"
        return Request("POST", self._url(below), self._query(), headers, body)

    def listing(self) -> Request:
        below = "/openai/models" if self.kind is ProviderKind.AZURE else "/models"
        return Request("GET", self._url(below), self._query(), {"Accept": "application/json", **self._key()})

    def _url(self, below: str) -> str:
        return self.base_url.rstrip("/") + below

    def _query(self) -> str:
        return urlencode({"api-version": self.api_version}) if self.kind is ProviderKind.AZURE else ""

    def _key(self) -> dict[str, str]:
        if not self.key:
            return {}
        return {"api-key": self.key} if self.kind is ProviderKind.AZURE else {"Authorization": f"Bearer {self.key}"}


def body(request: ChatRequest, model: str, *, newer: bool = False) -> bytes:
    """`newer`: as OpenAI's reasoning models want it, which take neither `max_tokens` nor a temperature."""
    fields: dict[str, Any] = {
        "model": model,
        "messages": [{"role": str(message.role), "content": message.text} for message in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if newer:
        fields["max_completion_tokens"] = request.max_tokens
    else:
        fields |= {"max_tokens": request.max_tokens, "temperature": request.temperature}
    return json.dumps(fields, ensure_ascii=False).encode()


def estimated_tokens(text: str | bytes) -> int:
    return len(text) // _LETTERS_PER_TOKEN + 1


@dataclass(frozen=True, slots=True)
class Piece:
    """What one chunk of an answer says; `usage`: tokens asked and answered."""

    text: str = ""
    finished: bool = False
    failed: bool = False
    usage: tuple[int, int] | None = None


def piece(data: str) -> Piece | None:
    """None for what is no chunk of an answer. Nothing but the named fields is looked at, whatever types they have."""
    try:
        found = json.loads(data)
    except ValueError:
        return None
    except RecursionError:
        return None
    if not isinstance(found, Mapping):
        return None
    choices = found.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], Mapping) else {}
    said = choice.get("delta") or choice.get("message") or {}
    text = said.get("content") if isinstance(said, Mapping) else None
    return Piece(
        text=text if isinstance(text, str) else "",
        finished=isinstance(choice.get("finish_reason"), str),
        failed=bool(found.get("error")),
        usage=_usage(found.get("usage")),
    )


def error_code(content: bytes) -> str:
    """The code of an error answer, one of a few known ones, else empty. Its words are shown to nobody.

    Attack stopped: a provider whose error repeats the prompt, the key, or words meant for the reader.
    """
    try:
        error = json.loads(content)["error"]
        said = {str(error.get(name)) for name in ("code", "type", "param")}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ""
    return next((code for code in _CODES if code in said), "")


QUOTA, TOO_LONG, NEWER, TEMPERATURE = "insufficient_quota", "context_length_exceeded", "max_tokens", "temperature"
_CODES = (QUOTA, TOO_LONG, NEWER, TEMPERATURE)


def model_names(content: bytes) -> tuple[str, ...]:
    """The ids in the answer to `listing`, at most 200 of at most 200 characters; empty where it is none."""
    try:
        found = json.loads(content)["data"]
        names = [one["id"] for one in found]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ()
    return tuple(name for name in names[:200] if isinstance(name, str) and len(name) <= 200)


def _usage(found: object) -> tuple[int, int] | None:
    if not isinstance(found, Mapping):
        return None
    asked, answered = found.get("prompt_tokens"), found.get("completion_tokens")
    if type(asked) is not int or type(answered) is not int:
        return None
    return (asked, answered) if min(asked, answered) >= 0 and asked + answered <= _MOST_TOKENS else None
