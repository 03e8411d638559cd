"""A chat as the tokens a model was trained to go on from.

The template of the file is filled with place marks and cut at them, so that the words of question and documents are
made into tokens apart from it.

Attack stopped: a document that spells `<|im_end|><|im_start|>system` closes its own message and speaks as the system.
Its characters stay characters here. Residue accepted: words that plead without such marks, which no tokens can stop
(what an answer claims is held against its passages afterwards).
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol

from jinja2.exceptions import TemplateError
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

_PLAIN = {"system": "", "user": "Question: ", "assistant": "Answer: "}
PLAIN_STOP = "\nQuestion:"
"""A model without a template does not know when its turn is over: it goes on with the next question."""

Messages = Sequence[tuple[str, str]]
"""Role and text of each."""
Part = tuple[str, bool]
"""A text, and whether names of control tokens in it are those tokens."""


_WARMING = (
    r"{% macro a(x) %}{{ x | trim | tojson }}{% endmacro %}{% set b = namespace(c='\n\u00e4') %}"
    "{% for one in messages if one.role is defined %}{{ a(one.content) ~ loop.index0 }}{% break %}{% endfor %}"
)


def warm_up() -> None:
    """Has Jinja load what it loads on demand, also for its errors: behind the walls nothing is loaded any more."""
    for template in (_WARMING, "{% no such block %}", "{{ raise_exception('No.') }}", "{{ messages.x.y }}"):
        _rendered(template, [("user", "words")], "")


class Tokenizer(Protocol):
    """What is needed of a model."""

    @property
    def template(self) -> str | None: ...

    @property
    def end(self) -> str: ...

    def tokens(self, text: str, *, marks: bool, first: bool) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class Prompt:
    """`stop`: the words at which the answer ends, where the model does not say so by itself."""

    tokens: list[int]
    stop: str


def prompt(model: Tokenizer, messages: Messages) -> Prompt:
    """By the template of the file; by a plain one where it has none, or one that fails or loses a message."""
    parts, stop = _by_template(model, messages) or _by_template(model, _without_system(messages)), ""
    if parts is None:
        parts, stop = _plain(messages), PLAIN_STOP
    found: list[int] = []
    for position, (text, marks) in enumerate(parts):
        found += model.tokens(text, marks=marks, first=position == 0)
    return Prompt(found, stop)


def _by_template(model: Tokenizer, messages: Messages) -> list[Part] | None:
    if model.template is None:
        return None
    word = secrets.token_hex(8)  # no text can hold it
    places = [(role, f"[{word}:{number}]") for number, (role, _) in enumerate(messages)]
    pieces = re.split(rf"\[{word}:(\d+)\]", _rendered(model.template, places, model.end))
    if [int(number) for number in pieces[1::2]] != list(range(len(messages))):
        return None
    parts = [(messages[int(one)][1], False) if at % 2 else (one, True) for at, one in enumerate(pieces)]
    return [part for part in parts if part[0]]


def _rendered(template: str, messages: Messages, end: str) -> str:
    """As Hugging Face's transformers does it, for whose templates are written; empty where the template fails.

    A template is a program by whoever made the file: it runs in Jinja's sandbox, and that within the walls.
    """
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    environment.globals["raise_exception"] = _refuse
    chat = [{"role": role, "content": text} for role, text in messages]
    try:  # what a text begins with is added as a token, not by its name
        return environment.from_string(template).render(
            messages=chat, add_generation_prompt=True, bos_token="", eos_token=end
        )
    except Exception:  # noqa: BLE001 - whatever a stranger's program raises: there is a plain template
        return ""


def _refuse(_message: str) -> NoReturn:
    """What templates call for a chat they do not take: most often, one with a system."""
    raise TemplateError


def _without_system(messages: Messages) -> Messages:
    """The same chat for models that know no system: its words go before the first question."""
    if len(messages) < 2 or messages[0][0] != "system":
        return messages
    (_, system), (role, text), *rest = messages
    return [(role, f"{system}\n\n{text}"), *rest]


def _plain(messages: Messages) -> list[Part]:
    lines = [f"{_PLAIN[role]}{text}\n\n" for role, text in messages]
    return [("".join(lines) + _PLAIN["assistant"].rstrip(), False)]
